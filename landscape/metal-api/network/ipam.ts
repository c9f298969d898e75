import { internal, unprocessable } from '../errors.ts';
import type { Random } from '../random.ts';
import { type Address, type Prefix, parsePrefix } from './prefix.ts';
import { PrefixPool, type Usage } from './prefix-pool.ts';

interface Entry {
  readonly pool: PrefixPool;
  readonly parent?: PrefixPool;
}

/** All prefixes of an installation and who holds what in them: metal-api's ipam. Prefixes are named by their CIDR. */
export class Ipam {
  readonly #entries = new Map<string, Entry>();

  /** Registers a prefix of its own. The caller has checked that it overlaps no other. */
  create(prefix: Prefix): void {
    this.#entries.set(prefix.cidr, { pool: new PrefixPool(prefix) });
  }

  /** Takes the first free prefix of `length` from the first of `parents` that has room. */
  createChild(parents: readonly string[], length: number): string {
    for (const cidr of parents) {
      const parent = this.#pool(cidr);
      if (parent.hasAddresses) throw unprocessable(`prefix ${cidr} has ips, acquire child prefix not possible`);
      if (parent.prefix.length >= length) {
        throw unprocessable(`given length:${length} must be greater than prefix length:${parent.prefix.length}`);
      }
      const child = parent.acquireChild(length);
      if (child) {
        this.#entries.set(child.cidr, { pool: new PrefixPool(child), parent });
        return child.cidr;
      }
    }
    throw unprocessable(
      `error creating new prefix in ipam: no prefix found in ${parents.join(',')} with length:${length}`,
    );
  }

  /** Takes exactly this child; false when its place is taken. */
  createSpecificChild(parentCidr: string, child: Prefix): boolean {
    const parent = this.#pool(parentCidr);
    if (!parent.acquireSpecificChild(child)) return false;
    this.#entries.set(child.cidr, { pool: new PrefixPool(child), parent });
    return true;
  }

  isInUse(cidr: string): boolean {
    const { hasAddresses, hasChildren } = this.#pool(cidr);
    return hasAddresses || hasChildren;
  }

  delete(cidr: string): void {
    const entry = this.#entries.get(cidr);
    if (!entry) return;
    if (this.isInUse(cidr)) throw internal(`prefix ${cidr} has ips, delete prefix not possible`);
    entry.parent?.releaseChild(cidr);
    this.#entries.delete(cidr);
  }

  /** Takes a free address from the first of `prefixes` that has one. */
  acquire(prefixes: readonly string[], random: Random): string {
    for (const cidr of prefixes) {
      const address = this.#addressPool(cidr).acquire(random);
      if (address !== undefined) return address;
    }
    throw internal('cannot allocate free ip in ipam, no ips left');
  }

  /** False when the address is taken. Throws when no prefix contains it. */
  acquireSpecific(prefixes: readonly string[], address: Address): boolean {
    const cidr = this.#holder(prefixes, address);
    if (cidr === undefined) return false;
    return this.#addressPool(cidr).acquireSpecific(address.number);
  }

  release(prefixes: readonly string[], address: Address): void {
    const cidr = this.#holder(prefixes, address);
    if (cidr !== undefined) this.#pool(cidr).release(address.number);
  }

  usage(cidr: string): Usage {
    return this.#pool(cidr).usage();
  }

  cidrs(): string[] {
    return [...this.#entries.keys()];
  }

  isChild(cidr: string): boolean {
    return this.#entries.get(cidr)?.parent !== undefined;
  }

  #holder(prefixes: readonly string[], address: Address): string | undefined {
    return prefixes.find((cidr) => {
      const prefix = this.#entries.get(cidr)?.pool.prefix ?? parsePrefix(cidr);
      return prefix?.family === address.family && prefix.first <= address.number && address.number <= prefix.last;
    });
  }

  #addressPool(cidr: string): PrefixPool {
    const pool = this.#pool(cidr);
    if (pool.hasChildren)
      throw unprocessable(
        `cannot allocate ip in prefix ${cidr} in ipam: prefix ${cidr} has childprefixes, acquire ip not possible`,
      );
    return pool;
  }

  #pool(cidr: string): PrefixPool {
    const entry = this.#entries.get(cidr);
    if (!entry) throw internal(`unable to find prefix for cidr:${cidr}`);
    return entry.pool;
  }
}
