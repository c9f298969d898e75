import { z } from 'zod';
import { type Context, timestamp } from '../context.ts';
import { badRequest, noSuch } from '../errors.ts';
import type { Network } from '../model.ts';
import { randomUuid } from '../random.ts';
import { type AddressFamily, addressBits, familiesOf, parsePrefix } from './prefix.ts';

const family = z.enum(['IPv4', 'IPv6']);

export const networkAllocateSchema = z.object({
  name: z.string().default(''),
  description: z.string().default(''),
  projectid: z.string().default(''),
  partitionid: z.string().default(''),
  labels: z.record(z.string(), z.string()).default({}),
  destinationprefixes: z.array(z.string()).default([]),
  nat: z.boolean().default(false),
  shared: z.boolean().default(false),
  addressfamily: family.optional(),
  length: z.partialRecord(family, z.int()).default({}),
});

export type NetworkAllocate = z.output<typeof networkAllocateSchema>;

/** Takes a child network of the partition's private super network. Two equal calls make two networks: nothing is idempotent. */
export function allocateNetwork(context: Context, request: NetworkAllocate): Network {
  const { state } = context;
  if (request.projectid === '') throw badRequest('projectid should not be empty');
  if (request.partitionid === '') throw badRequest('partitionid should not be empty');
  if (!state.projects.has(request.projectid)) throw noSuch('project', request.projectid);
  if (!state.partitions.has(request.partitionid)) throw noSuch('partition', request.partitionid);
  const parent = superNetwork(context, request.partitionid);
  for (const cidr of request.destinationprefixes) {
    if (!parsePrefix(cidr)) throw badRequest(`given cidr ${cidr} is not a valid ip with mask`);
  }
  const prefixes = acquirePrefixes(context, parent, childLengths(parent, request));
  const now = timestamp(context);
  const network: Network = {
    id: randomUuid(context.random),
    name: request.name,
    description: request.description,
    prefixes,
    destinationprefixes: request.destinationprefixes,
    nat: request.nat,
    privatesuper: false,
    underlay: false,
    shared: request.shared,
    vrf: state.vrfs.acquire(context.random),
    vrfshared: false,
    parentnetworkid: parent.id,
    projectid: request.projectid,
    partitionid: request.partitionid,
    labels: request.labels,
    defaultchildprefixlength: undefined,
    additionalAnnouncableCIDRs: [],
    created: now,
    changed: now,
  };
  state.networks.set(network.id, network);
  return network;
}

function superNetwork({ state }: Context, partitionid: string): Network {
  const networks = [...state.networks.values()];
  const [parent, second] = networks.filter((network) => network.privatesuper && network.partitionid === partitionid);
  if (!parent || second) throw badRequest('no supernetwork found');
  return parent;
}

/** Which child prefixes to take: the parent's defaults, overridden by `length`, restricted to `addressfamily`. */
function childLengths(parent: Network, request: NetworkAllocate): [AddressFamily, number][] {
  const available = familiesOf(parent.prefixes);
  for (const asked of [request.addressfamily, ...(Object.keys(request.length) as AddressFamily[])]) {
    if (asked && !available.includes(asked)) {
      throw badRequest(`there is no prefix for the given addressfamily:${asked} present in network:${parent.id}`);
    }
  }
  const lengths = { ...parent.defaultchildprefixlength, ...request.length };
  const wanted = available.filter((af) => request.addressfamily === undefined || af === request.addressfamily);
  return wanted.flatMap((af) => {
    const length = lengths[af];
    if (length === undefined) return [];
    if (length < 1 || length > addressBits(af)) throw badRequest(`given length:${length} is not valid for ${af}`);
    return [[af, length] as [AddressFamily, number]];
  });
}

function acquirePrefixes({ state }: Context, parent: Network, lengths: [AddressFamily, number][]): string[] {
  const taken: string[] = [];
  try {
    for (const [af, length] of lengths) {
      const parents = parent.prefixes.filter((cidr) => cidr.includes(':') === (af === 'IPv6'));
      taken.push(state.ipam.createChild(parents, length));
    }
  } catch (error) {
    for (const cidr of taken) state.ipam.delete(cidr);
    throw error;
  }
  return taken;
}
