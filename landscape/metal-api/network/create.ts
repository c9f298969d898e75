import { type Context, timestamp } from '../context.ts';
import { badRequest, conflict, noSuch } from '../errors.ts';
import type { NetworkSeed } from '../fixture-schema.ts';
import type { Network } from '../model.ts';
import { randomUuid } from '../random.ts';
import { familiesOf, overlaps, type Prefix, parsePrefix } from './prefix.ts';

/** Adds a network with prefixes of its own, or with given prefixes inside its parent's. */
export function createNetwork(context: Context, request: NetworkSeed): Network {
  const { state } = context;
  checkKind(context, request);
  checkReferences(context, request);
  const prefixes = request.prefixes.map(validPrefix);
  for (const cidr of [...request.destinationprefixes, ...request.additionalAnnouncableCIDRs]) validPrefix(cidr);
  checkChildLengths(request, prefixes);
  register(context, request, prefixes);
  const now = timestamp(context);
  const network: Network = {
    ...request,
    id: request.id === '' ? randomUuid(context.random) : request.id,
    name: request.name ?? '',
    description: request.description ?? '',
    prefixes: prefixes.map((prefix) => prefix.cidr),
    vrf: request.vrf,
    parentnetworkid: request.parentnetworkid || undefined,
    projectid: request.projectid || undefined,
    partitionid: request.partitionid || undefined,
    defaultchildprefixlength: request.defaultchildprefixlength,
    created: now,
    changed: now,
  };
  state.networks.set(network.id, network);
  return network;
}

export function validPrefix(cidr: string): Prefix {
  const prefix = parsePrefix(cidr);
  if (!prefix) throw badRequest(`given cidr ${cidr} is not a valid ip with mask`);
  return prefix;
}

function checkKind({ state }: Context, request: NetworkSeed): void {
  const { privatesuper, underlay, nat, partitionid } = request;
  if (privatesuper && nat) throw badRequest('a private super network is not supposed to NAT');
  if (underlay && nat) throw badRequest('an underlay network is not supposed to NAT');
  if (!privatesuper && request.additionalAnnouncableCIDRs.length > 0) {
    throw badRequest('additionalAnnouncableCIDRs can only be set in a private super network');
  }
  const rival = (kind: 'privatesuper' | 'underlay'): boolean =>
    [...state.networks.values()].some((other) => other[kind] && other.partitionid === partitionid);
  if (privatesuper && rival('privatesuper')) {
    throw badRequest(`partition with id "${partitionid}" already has a private super network`);
  }
  if (underlay && rival('underlay'))
    throw badRequest(`partition with id "${partitionid}" already has an underlay network`);
}

function checkReferences({ state }: Context, request: NetworkSeed): void {
  const { id, projectid, partitionid, parentnetworkid } = request;
  if (state.networks.has(id)) throw conflict(`cannot create network in database, entity already exists: ${id}`);
  if (projectid && !state.projects.has(projectid)) throw noSuch('project', projectid);
  if (partitionid && !state.partitions.has(partitionid)) throw noSuch('partition', partitionid);
  if (parentnetworkid && !state.networks.has(parentnetworkid)) throw noSuch('network', parentnetworkid);
}

function checkChildLengths(request: NetworkSeed, prefixes: readonly Prefix[]): void {
  if (!request.privatesuper) return;
  const lengths = request.defaultchildprefixlength ?? {};
  if (Object.keys(lengths).length === 0) {
    throw badRequest('private super network must always contain a defaultchildprefixlength');
  }
  for (const family of familiesOf(prefixes.map((prefix) => prefix.cidr))) {
    if (lengths[family] === undefined) {
      throw badRequest(
        `private super network must always contain a defaultchildprefixlength per addressfamily:${family}`,
      );
    }
  }
  const tooLong = prefixes.find((prefix) => prefix.length >= (lengths[prefix.family] ?? 129));
  if (tooLong)
    throw badRequest(`given defaultchildprefixlength is not greater than the prefix length of:${tooLong.cidr}`);
}

function reserveVrf({ state }: Context, request: NetworkSeed): void {
  if (request.vrf === undefined || state.vrfs.reserve(request.vrf)) return;
  const holders = [...state.networks.values()].filter((network) => network.vrf === request.vrf);
  if (!request.vrfshared || holders.some((holder) => !holder.vrfshared)) {
    throw badRequest(`cannot acquire a unique vrf id: ${request.vrf} is already taken`);
  }
}

/** Takes prefixes and VRF, all or none. */
function register(context: Context, request: NetworkSeed, prefixes: readonly Prefix[]): void {
  const { ipam } = context.state;
  const taken: string[] = [];
  try {
    for (const prefix of prefixes) {
      takePrefix(context, request, prefix);
      taken.push(prefix.cidr);
    }
    reserveVrf(context, request);
  } catch (error) {
    for (const cidr of taken) ipam.delete(cidr);
    throw error;
  }
}

/** A prefix lies free of all others, or, with a parent, in a free place of the parent's prefixes. */
function takePrefix({ state }: Context, request: NetworkSeed, prefix: Prefix): void {
  const parents = state.networks.get(request.parentnetworkid ?? '')?.prefixes ?? [];
  if (parents.some((cidr) => state.ipam.createSpecificChild(cidr, prefix))) return;
  checkNoOverlap(state.ipam.cidrs(), prefix.cidr);
  state.ipam.create(prefix);
}

export function checkNoOverlap(existing: readonly string[], cidr: string): void {
  const other = existing.find((candidate) => overlaps(candidate, cidr));
  if (other !== undefined) throw badRequest(`${cidr} overlaps ${other}`);
}
