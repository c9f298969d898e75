import type { Random } from '../random.ts';
import { addressBits, formatAddress, makePrefix, type Prefix } from './prefix.ts';

/** What go-ipam counts of a prefix; metal-api sums it over a network's prefixes. */
export interface Usage {
  available_ips: number;
  used_ips: number;
  available_prefixes: number;
  used_prefixes: number;
}

/** go-ipam reports no more than this of anything. */
const COUNT_LIMIT = 2n ** 31n - 1n;
/** go-ipam counts free space in prefixes of four addresses. */
const SMALLEST_PREFIX_BITS = 2;
const RANDOM_RANGE = 2n ** 48n;

const capped = (count: bigint): number => Number(count > COUNT_LIMIT ? COUNT_LIMIT : count);

/**
 * The addresses and the child prefixes of one prefix. Like go-ipam, the first address, and of IPv4 also the last, count as
 * used from the start; a prefix holds addresses or child prefixes, never both.
 */
export class PrefixPool {
  readonly prefix: Prefix;
  readonly #used = new Set<bigint>();
  readonly #reserved: number;
  /** Ordered by address. */
  readonly #children: Prefix[] = [];

  constructor(prefix: Prefix) {
    this.prefix = prefix;
    this.#used.add(prefix.first);
    if (prefix.family === 'IPv4') this.#used.add(prefix.last);
    this.#reserved = this.#used.size;
  }

  get hasAddresses(): boolean {
    return this.#used.size > this.#reserved;
  }

  get hasChildren(): boolean {
    return this.#children.length > 0;
  }

  isUsed(address: bigint): boolean {
    return this.#used.has(address);
  }

  /** Takes a free address, or returns undefined when none is left: a random place, then the next free one after it. */
  acquire(random: Random): string | undefined {
    const { first, last, family } = this.prefix;
    const size = last - first + 1n;
    if (BigInt(this.#used.size) >= size) return undefined;
    const range = size < RANDOM_RANGE ? size : RANDOM_RANGE;
    let candidate = first + BigInt(Math.floor(random() * Number(range)));
    while (this.#used.has(candidate)) candidate = candidate === last ? first : candidate + 1n;
    this.#used.add(candidate);
    return formatAddress(family, candidate);
  }

  /** False when the address is taken or reserved. The caller knows that it lies in the prefix. */
  acquireSpecific(address: bigint): boolean {
    if (this.#used.has(address)) return false;
    this.#used.add(address);
    return true;
  }

  release(address: bigint): void {
    this.#used.delete(address);
  }

  /** Takes the first free child prefix of `length`, or returns undefined when none is left. */
  acquireChild(length: number): Prefix | undefined {
    const { first, last, family } = this.prefix;
    const step = 1n << BigInt(addressBits(family) - length);
    const aligned = (address: bigint): bigint => ((address + step - 1n) / step) * step;
    let candidate = aligned(first);
    let index = 0;
    for (const child of this.#children) {
      if (candidate + step <= child.first) break;
      candidate = aligned(child.last + 1n);
      index += 1;
    }
    if (candidate + step - 1n > last) return undefined;
    const child = makePrefix(family, candidate, length);
    this.#children.splice(index, 0, child);
    return child;
  }

  /** False when a child in the way, or the prefix's end, leaves no room for exactly this one. */
  acquireSpecificChild(child: Prefix): boolean {
    if (child.first < this.prefix.first || child.last > this.prefix.last) return false;
    if (this.#children.some((other) => other.first <= child.last && child.first <= other.last)) return false;
    const after = this.#children.findIndex((other) => other.first > child.last);
    this.#children.splice(after === -1 ? this.#children.length : after, 0, child);
    return true;
  }

  releaseChild(cidr: string): void {
    const index = this.#children.findIndex((child) => child.cidr === cidr);
    if (index !== -1) this.#children.splice(index, 1);
  }

  usage(): Usage {
    const { first, last } = this.prefix;
    const size = last - first + 1n;
    const inChildren = this.#children.reduce((sum, child) => sum + child.last - child.first + 1n, 0n);
    const free = this.hasAddresses ? 0n : (size - inChildren) >> BigInt(SMALLEST_PREFIX_BITS);
    return {
      available_ips: capped(size),
      used_ips: this.#used.size,
      available_prefixes: capped(free),
      used_prefixes: this.#children.length,
    };
  }
}
