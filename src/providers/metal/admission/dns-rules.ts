import type { CloudProfileConfig } from '../../../apis/metal/cloud-profile-config.ts';
import type { FieldError } from '../../admission.ts';
import { canonicalIP } from '../infrastructure/scope.ts';
import { invalid, keyed, listed, required } from './field-errors.ts';
import type { NetworkIsolation } from './network-isolation-rules.ts';

interface Isolated {
  readonly field: string;
  readonly isolation: NetworkIsolation | undefined;
}

/**
 * Machines of isolated clusters were installed with the name servers of their partition: these stay, in their order, as
 * long as the partition is listed (metal-provider 1.9), also when another control plane serves it.
 */
export function dnsChangeErrors(config: CloudProfileConfig, old: CloudProfileConfig, root: string): FieldError[] {
  const after = byPartition(config, root);
  return [...byPartition(old, root)].flatMap(([partitionID, { isolation }]) => {
    const now = after.get(partitionID);
    return isolation && now ? changeErrors(isolation, now) : [];
  });
}

function changeErrors(before: NetworkIsolation, { isolation, field }: Isolated): FieldError[] {
  if (!isolation) return [required(field, 'must not be removed: clusters may depend on it')];
  const [wanted, given] = [before.dnsServers ?? [], isolation.dnsServers ?? []];
  if (wanted.length === 0 || sameAddresses(wanted, given)) return [];
  return [invalid(`${field}.dnsServers`, given.join(', '), `field is immutable, it is ${listed(wanted)}`)];
}

function byPartition(config: CloudProfileConfig, root: string): Map<string, Isolated> {
  const all = new Map<string, Isolated>();
  for (const [name, plane] of Object.entries(config.metalControlPlanes ?? {})) {
    for (const [partitionID, { networkIsolation }] of Object.entries(plane.partitions ?? {})) {
      const field = `${keyed(`${keyed(`${root}.metalControlPlanes`, name)}.partitions`, partitionID)}.networkIsolation`;
      if (!all.has(partitionID)) all.set(partitionID, { field, isolation: networkIsolation });
    }
  }
  return all;
}

function sameAddresses(left: readonly string[], right: readonly string[]): boolean {
  const spelled = (address: string | undefined) => canonicalIP(address ?? '') ?? address;
  return left.length === right.length && left.every((address, index) => spelled(address) === spelled(right[index]));
}
