import { z } from 'zod';
import { type Context, timestamp } from '../context.ts';
import { badRequest, conflict, noSuch, unprocessable } from '../errors.ts';
import type { Ip, IpType, Network } from '../model.ts';
import { type AddressFamily, contains, familiesOf, parseAddress } from '../network/prefix.ts';
import { randomUuid } from '../random.ts';
import { ipTags, machineTag } from '../tags.ts';

export const ipAllocateSchema = z.object({
  networkid: z.string().default(''),
  projectid: z.string().default(''),
  type: z.string().default(''),
  name: z.string().default(''),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
  machineid: z.string().optional(),
  addressfamily: z.string().optional(),
});

export type IpAllocate = z.output<typeof ipAllocateSchema>;

/** Takes `specific`, or any free address. Two equal calls take two addresses. */
export function allocateIp(context: Context, request: IpAllocate, specific?: string): Ip {
  const network = networkFor(context, request, specific);
  const tags = request.machineid ? [...request.tags, machineTag(request.machineid)] : request.tags;
  const ipaddress =
    specific === undefined
      ? context.state.ipam.acquire(prefixesFor(network, request), context.random)
      : takeSpecific(context, network, specific);
  return recordIp(context, network, ipaddress, { ...request, type: ipType(request.type), tags });
}

export interface IpRecord {
  readonly projectid: string;
  readonly type: IpType;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** Stores an address that ipam has just handed out. */
export function recordIp(context: Context, network: Network, ipaddress: string, record: IpRecord): Ip {
  const now = timestamp(context);
  const ip: Ip = {
    ipaddress,
    allocationuuid: randomUuid(context.random),
    networkid: network.id,
    projectid: record.projectid,
    parentprefixes: network.prefixes.filter((cidr) => contains(cidr, ipaddress)),
    type: record.type,
    name: record.name,
    description: record.description,
    tags: ipTags(record.tags),
    created: now,
    changed: now,
  };
  context.state.ips.add(ip);
  return ip;
}

/** Whatever is not `static` is ephemeral. */
function ipType(type: string): IpType {
  return type === 'static' ? 'static' : 'ephemeral';
}

function networkFor({ state }: Context, request: IpAllocate, specific: string | undefined): Network {
  if (request.networkid === '') throw badRequest('networkid should not be empty');
  if (request.projectid === '') throw badRequest('projectid should not be empty');
  const network = state.networks.get(request.networkid);
  if (!network) throw noSuch('network', request.networkid);
  if (request.addressfamily) checkFamily(network, request.addressfamily, specific);
  if (!state.projects.has(request.projectid)) throw noSuch('project', request.projectid);
  const foreign = network.parentnetworkid !== undefined && !network.shared && network.projectid !== request.projectid;
  if (foreign) {
    throw unprocessable(
      `can not allocate ip for project "${request.projectid}" because network belongs to "${network.projectid}" and the network is not shared`,
    );
  }
  if (network.prefixes.length === 0) throw unprocessable(`network ${network.id} has no prefixes`);
  return network;
}

function checkFamily(network: Network, family: string, specific: string | undefined): void {
  if (family !== 'IPv4' && family !== 'IPv6') throw badRequest(`unsupported addressfamily ${family}`);
  if (!familiesOf(network.prefixes).includes(family)) {
    throw badRequest(`there is no prefix for the given addressfamily:${family} present in network:${network.id}`);
  }
  if (specific !== undefined) throw badRequest('it is not possible to specify specificIP and addressfamily');
}

/** IPv4 unless asked for, or the network has nothing but, IPv6. */
function prefixesFor(network: Network, request: IpAllocate): string[] {
  const families = familiesOf(network.prefixes);
  const family = (request.addressfamily || families[0]) as AddressFamily;
  return network.prefixes.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
}

function takeSpecific({ state }: Context, network: Network, specific: string): string {
  const address = parseAddress(specific);
  if (!address) throw unprocessable(`unable to parse specific ip: ${specific}`);
  if (!network.prefixes.some((cidr) => contains(cidr, address.text))) {
    throw unprocessable('specific ip not contained in any of the defined prefixes');
  }
  if (!state.ipam.acquireSpecific(network.prefixes, address)) {
    throw conflict('ip already allocated');
  }
  return address.text;
}
