import type { Context } from '../context.ts';
import { ApiError, noSuch, unprocessable } from '../errors.ts';
import { recordIp } from '../ip/allocate.ts';
import { removeIp } from '../ip/update.ts';
import type { Ip, MachineNetwork, MachineRole, Network } from '../model.ts';
import { familiesOf, parseAddress } from '../network/prefix.ts';
import { natType, networkType } from '../network/response.ts';
import { machineTag } from '../tags.ts';

export interface NetworksRequest {
  readonly role: MachineRole;
  readonly name: string;
  readonly projectid: string;
  readonly partitionid: string;
  readonly networks: readonly { readonly networkid: string; readonly autoacquire: boolean }[];
  readonly ips: readonly string[];
}

/** One network that a machine is to be attached to, checked, before anything is taken. */
export interface PlannedNetwork {
  readonly network: Network;
  /** metal-lib's name: privateprimaryunshared, privateprimaryshared, privatesecondaryshared, external, underlay. */
  readonly type: string;
  readonly autoacquire: boolean;
  readonly ips: readonly Ip[];
}

/** Checks which networks and given IPs a machine may use. 404 for unknown ones, 422 for everything that is not allowed. */
export function planNetworks(context: Context, request: NetworksRequest): PlannedNetwork[] {
  const ids = request.networks.map(({ networkid }) => networkid);
  if (new Set(ids).size < ids.length) throw unprocessable('given network ids are not unique');
  const networks = ids.map((id) => explicitNetwork(context, id));
  const primary = primaryNetwork(networks, request);
  const ips = givenIps(context, request, ids);
  const planned = networks.map((network, index): PlannedNetwork => {
    const own = ips.filter((ip) => ip.networkid === network.id);
    const autoacquire = own.length === 0 && request.networks[index]?.autoacquire !== false;
    if (!autoacquire && own.length === 0) {
      throw unprocessable(`given network ${network.id} does not auto acquire and no ips of it are given`);
    }
    return { network, type: typeOf(network, primary), autoacquire, ips: own };
  });
  return request.role === 'firewall' ? [...planned, underlay(context, request.partitionid)] : planned;
}

function explicitNetwork({ state }: Context, id: string): Network {
  const network = state.networks.get(id);
  if (!network) throw noSuch('network', id);
  if (network.underlay) throw unprocessable(`underlay networks are not allowed to be set explicitly: ${id}`);
  if (network.privatesuper) throw unprocessable(`private super networks are not allowed to be set explicitly: ${id}`);
  return network;
}

function primaryNetwork(networks: readonly Network[], request: NetworksRequest): Network {
  const privates = networks.filter(({ parentnetworkid }) => parentnetworkid !== undefined);
  const elsewhere = privates.find(({ partitionid }) => partitionid !== request.partitionid);
  if (elsewhere) {
    throw unprocessable(
      `private network "${elsewhere.id}" must be in the partition where the machine is going to be placed`,
    );
  }
  if (privates.length === 0) throw unprocessable('no private network given');
  if (request.role === 'machine' && privates.length > 1) {
    throw unprocessable('machines are not allowed to be in multiple private networks');
  }
  const unshared = privates.filter(({ shared }) => !shared);
  if (unshared.length > 1)
    throw unprocessable('multiple private networks are specified but there must be only one primary private network');
  const primary = unshared[0] ?? (privates.length === 1 ? privates[0] : undefined);
  if (!primary) throw unprocessable('no primary private network given');
  if (primary.projectid !== request.projectid) {
    throw unprocessable('the given private network does not belong to the project, which is not allowed');
  }
  return primary;
}

function typeOf(network: Network, primary: Network): string {
  if (network.parentnetworkid === undefined) return 'external';
  if (network !== primary) return 'privatesecondaryshared';
  return network.shared ? 'privateprimaryshared' : 'privateprimaryunshared';
}

function givenIps({ state }: Context, request: NetworksRequest, networkIds: readonly string[]): Ip[] {
  return request.ips.map((text) => {
    const address = parseAddress(text);
    if (!address) throw unprocessable(`"${text}" is not a valid IP address`);
    const ip = state.ips.get(address.text);
    if (!ip) throw noSuch('ip', text);
    if (ip.projectid !== request.projectid) {
      throw unprocessable(
        `given ip "${text}" with project id "${ip.projectid}" does not belong to project "${request.projectid}"`,
      );
    }
    if (!networkIds.includes(ip.networkid))
      throw unprocessable(`given ip "${text}" is not in any of the given networks`);
    return ip;
  });
}

function underlay({ state }: Context, partitionid: string): PlannedNetwork {
  const network = [...state.networks.values()].find((n) => n.underlay && n.partitionid === partitionid);
  if (!network) throw unprocessable(`no underlay network found in partition ${partitionid}`);
  return { network, type: 'underlay', autoacquire: true, ips: [] };
}

/** Takes the addresses and tags the given ones. When one network is exhausted, what was taken before is given back. */
export function attach(
  context: Context,
  planned: readonly PlannedNetwork[],
  request: NetworksRequest,
  machineId: string,
  asn: number,
): MachineNetwork[] {
  const acquired: Ip[] = [];
  try {
    for (const plan of planned)
      if (plan.autoacquire) acquired.push(...acquire(context, plan.network, request, machineId));
  } catch (error) {
    for (const ip of acquired) removeIp(context, ip);
    if (error instanceof ApiError) throw new ApiError(error.status, `unable to make networks:${error.message}`);
    throw error;
  }
  const given = planned.flatMap(({ ips }) => ips);
  for (const ip of given) context.state.ips.setTags(ip, [...ip.tags, machineTag(machineId)]);
  const all = [...given, ...acquired];
  return planned.map((plan) =>
    machineNetwork(
      plan,
      asn,
      all.filter((ip) => ip.networkid === plan.network.id),
    ),
  );
}

/** One address of each family that the network has. */
function acquire(context: Context, network: Network, request: NetworksRequest, machineId: string): Ip[] {
  const taken: Ip[] = [];
  try {
    for (const family of familiesOf(network.prefixes)) {
      const prefixes = network.prefixes.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
      const address = context.state.ipam.acquire(prefixes, context.random);
      const record = {
        projectid: request.projectid,
        type: 'ephemeral' as const,
        name: request.name,
        description: 'autoassigned',
        tags: [machineTag(machineId)],
      };
      taken.push(recordIp(context, network, address, record));
    }
  } catch (error) {
    for (const ip of taken) removeIp(context, ip);
    throw error;
  }
  return taken;
}

function machineNetwork({ network, type }: PlannedNetwork, asn: number, ips: readonly Ip[]): MachineNetwork {
  return {
    networkid: network.id,
    ips: ips.map(({ ipaddress }) => ipaddress),
    prefixes: [...network.prefixes],
    destinationprefixes: [...network.destinationprefixes],
    vrf: network.vrf ?? 0,
    asn,
    private: type.startsWith('private'),
    underlay: type === 'underlay',
    nat: network.nat,
    nattypev2: natType(network.nat),
    networktype: type,
    networktypev2: networkType(network),
    projectid: network.projectid ?? '',
  };
}
