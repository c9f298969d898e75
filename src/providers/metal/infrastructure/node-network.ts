import { isIP } from 'node:net';
import { normalizeCidr, parseCidr } from 'cidr-tools';
import type { Network } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import type { Scope } from './scope.ts';

export type NodeNetworkDecision =
  /** `surplus`: other networks of this cluster, left by an allocation whose answer was lost. */
  | { readonly kind: 'adopt'; readonly network: Network; readonly surplus: readonly Network[] }
  /** The shoot's owner named a network, or ours is gone and only the CIDR in the Shoot is left of it. */
  | { readonly kind: 'given'; readonly cidr: string }
  | { readonly kind: 'disappeared'; readonly cidr: string }
  | { readonly kind: 'allocate' };

export interface KnownCIDRs {
  /** Infrastructure.status.nodesCIDR. */
  readonly status: string | undefined;
  /** Shoot.spec.networking.nodes: by the owner, or written back by gardenlet from our status. */
  readonly shoot: string | undefined;
}

/** Networks that carry the label of this cluster in this project. */
export function networksOf(found: readonly Network[], scope: Scope): Network[] {
  return found.filter(
    (network) => network.labels[CLUSTER_ID] === scope.clusterID && network.projectid === scope.projectID,
  );
}

/** Which network the nodes live in (metal-provider 3.2 step 3, but found before it is allocated). */
export function decideNodeNetwork(found: readonly Network[], known: KnownCIDRs, scope: Scope): NodeNetworkDecision {
  const own = networksOf(found, scope);
  const named = withCIDR(own, known.status) ?? withCIDR(own, known.shoot);
  const surplusBut = (chosen: Network) =>
    own.filter((network) => network !== chosen && network.description === scope.clusterID);
  if (named) return { kind: 'adopt', network: named, surplus: surplusBut(named) };
  // What else carries the label waits for the deletion: who can tell what it is for?
  if (known.shoot) return { kind: 'given', cidr: known.shoot };
  if (known.status) return { kind: 'disappeared', cidr: known.status };
  const oldest = own.toSorted(byAge)[0];
  return oldest ? { kind: 'adopt', network: oldest, surplus: surplusBut(oldest) } : { kind: 'allocate' };
}

function withCIDR(networks: readonly Network[], cidr: string | undefined): Network | undefined {
  if (!cidr) return undefined;
  return networks.find((network) => network.prefixes.some((prefix) => sameCIDR(prefix, cidr)));
}

function byAge(left: Network, right: Network): number {
  const age = (network: Network) => Date.parse(network.created ?? '') || 0;
  return age(left) - age(right) || (left.id < right.id ? -1 : 1);
}

export function sameCIDR(left: string, right: string): boolean {
  return left === right || (isCIDR(left) && isCIDR(right) && normalizeCidr(left) === normalizeCidr(right));
}

export function isCIDR(text: string): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits;
}

export function familyOf(cidr: string): 'IPv4' | 'IPv6' | undefined {
  if (!isCIDR(cidr)) return undefined;
  return parseCidr(cidr).version === 4 ? 'IPv4' : 'IPv6';
}
