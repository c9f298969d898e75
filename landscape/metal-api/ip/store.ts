import type { Ip } from '../model.ts';
import { ipTags } from '../tags.ts';

/** IPs by address, with indexes by tag and project: a find by tag does not look at other clusters' IPs. */
export class IpStore {
  readonly #byAddress = new Map<string, Ip>();
  readonly #byTag = new Map<string, Set<Ip>>();
  readonly #byProject = new Map<string, Set<Ip>>();

  get size(): number {
    return this.#byAddress.size;
  }

  get(address: string): Ip | undefined {
    return this.#byAddress.get(address);
  }

  all(): Iterable<Ip> {
    return this.#byAddress.values();
  }

  add(ip: Ip): void {
    this.#byAddress.set(ip.ipaddress, ip);
    addTo(this.#byProject, ip.projectid, ip);
    for (const tag of ip.tags) addTo(this.#byTag, tag, ip);
  }

  remove(ip: Ip): void {
    this.#byAddress.delete(ip.ipaddress);
    removeFrom(this.#byProject, ip.projectid, ip);
    for (const tag of ip.tags) removeFrom(this.#byTag, tag, ip);
  }

  setTags(ip: Ip, tags: readonly string[]): void {
    for (const tag of ip.tags) removeFrom(this.#byTag, tag, ip);
    ip.tags = ipTags(tags);
    for (const tag of ip.tags) addTo(this.#byTag, tag, ip);
  }

  /** The smallest set known to hold every IP with these tags in this project. */
  candidates(tags: readonly string[], project: string | undefined): Iterable<Ip> {
    const sets = tags.map((tag) => this.#byTag.get(tag) ?? new Set<Ip>());
    if (project !== undefined) sets.push(this.#byProject.get(project) ?? new Set());
    const smallest = sets.sort((a, b) => a.size - b.size)[0];
    return smallest ?? this.all();
  }
}

function addTo(index: Map<string, Set<Ip>>, key: string, ip: Ip): void {
  const set = index.get(key);
  if (set) set.add(ip);
  else index.set(key, new Set([ip]));
}

function removeFrom(index: Map<string, Set<Ip>>, key: string, ip: Ip): void {
  const set = index.get(key);
  if (!set?.delete(ip)) return;
  if (set.size === 0) index.delete(key);
}
