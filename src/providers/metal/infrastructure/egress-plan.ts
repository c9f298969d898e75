import type { Ip } from '../metal-api/types.ts';
import { egressTag } from '../tags.ts';
import { canonicalIP, type EgressIP } from './scope.ts';

/** What metal-api found for an IP that a rule wants and this cluster has not claimed yet. */
export interface Candidate {
  readonly wanted: EgressIP;
  readonly found: readonly Ip[];
}

export interface TagWrite {
  readonly ip: Ip;
  readonly tags: readonly string[];
}

/** The wanted IPs that do not carry this cluster's egress tag yet. */
export function unclaimed(wanted: readonly EgressIP[], claimed: readonly Ip[]): EgressIP[] {
  const held = new Set(claimed.map(({ ipaddress }) => canonicalIP(ipaddress)));
  return wanted.filter(({ address }) => !held.has(address));
}

/** Whether an IP may be claimed, as metal-provider 3.2 step 5 has it; the text of the fault otherwise. */
export function claim({ wanted, found }: Candidate, clusterID: string): TagWrite | string {
  const [ip, ...others] = found;
  const { address, networkID } = wanted;
  if (!ip) return `ip ${address} for egress rule does not exist in network ${networkID} of this project`;
  if (others.length > 0) return `ip ${address} found multiple times`;
  if (ip.type !== 'static') return `ips for egress rule must be static, but ${address} is not static`;
  if (ip.tags.length > 0) {
    return `won't use ip ${address} for egress rules because it does not have an egress tag but it has other tags`;
  }
  return { ip, tags: [egressTag(clusterID)] };
}

/** Claimed IPs that no rule wants any more lose the egress tag, and only that. */
export function releases(wanted: readonly EgressIP[], claimed: readonly Ip[], clusterID: string): TagWrite[] {
  const keep = new Set(wanted.map(({ address }) => address));
  return claimed
    .filter(({ ipaddress }) => !keep.has(canonicalIP(ipaddress) ?? ipaddress))
    .map((ip) => ({ ip, tags: ip.tags.filter((tag) => tag !== egressTag(clusterID)) }));
}
