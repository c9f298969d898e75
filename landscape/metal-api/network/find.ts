import { z } from 'zod';
import type { Network } from '../model.ts';

export const networkFindSchema = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  projectid: z.string().optional(),
  partitionid: z.string().optional(),
  parentnetworkid: z.string().optional(),
  prefixes: z.array(z.string()).optional(),
  destinationprefixes: z.array(z.string()).optional(),
  nat: z.boolean().optional(),
  privatesuper: z.boolean().optional(),
  underlay: z.boolean().optional(),
  vrf: z.int().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  addressfamily: z.enum(['IPv4', 'IPv6']).optional(),
});

export type NetworkFind = z.output<typeof networkFindSchema>;

const TEXTS = ['id', 'name', 'projectid', 'partitionid', 'parentnetworkid'] as const;
const FLAGS = ['nat', 'privatesuper', 'underlay'] as const;

/** All conditions hold. An empty text or list is no condition; lists and labels ask for "contains all of these". */
export function networkMatches(network: Network, find: NetworkFind): boolean {
  const texts = TEXTS.every((key) => !find[key] || network[key] === find[key]);
  const flags = FLAGS.every((key) => find[key] === undefined || network[key] === find[key]);
  if (!texts || !flags) return false;
  if (find.vrf !== undefined && network.vrf !== find.vrf) return false;
  return labelsMatch(network, find) && prefixesMatch(network, find);
}

function labelsMatch(network: Network, find: NetworkFind): boolean {
  return Object.entries(find.labels ?? {}).every(
    ([key, value]) => Object.hasOwn(network.labels, key) && network.labels[key] === value,
  );
}

function prefixesMatch(network: Network, find: NetworkFind): boolean {
  const { addressfamily } = find;
  if (addressfamily && !network.prefixes.some((cidr) => cidr.includes(':') === (addressfamily === 'IPv6')))
    return false;
  return (
    (find.prefixes ?? []).every((cidr) => network.prefixes.includes(cidr)) &&
    (find.destinationprefixes ?? []).every((cidr) => network.destinationprefixes.includes(cidr))
  );
}
