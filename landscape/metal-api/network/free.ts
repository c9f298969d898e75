import type { Context } from '../context.ts';
import { badRequest, noSuch, unprocessable } from '../errors.ts';
import type { Network } from '../model.ts';

export function findNetwork({ state }: Context, id: string): Network {
  const network = state.networks.get(id);
  if (!network) throw noSuch('network', id);
  return network;
}

/** Gives a child network's prefixes and VRF back. Refused as long as an address of it is in use. */
export function freeNetwork(context: Context, id: string): Network {
  const network = findNetwork(context, id);
  const { ipam } = context.state;
  for (const cidr of network.prefixes) {
    if (!ipam.isChild(cidr)) throw unprocessable(`prefix ${cidr} is no child prefix`);
    if (ipam.isInUse(cidr)) throw unprocessable(`prefix ${cidr} has ips, deletion not possible`);
  }
  return remove(context, network);
}

/** The administrator's way: any network without children and without addresses in use. */
export function deleteNetwork(context: Context, id: string): Network {
  const network = findNetwork(context, id);
  const { networks, ipam } = context.state;
  if ([...networks.values()].some((child) => child.parentnetworkid === id)) {
    throw badRequest('network cannot be deleted because there are children of this network');
  }
  const used = network.prefixes.find((cidr) => ipam.isInUse(cidr));
  if (used !== undefined)
    throw badRequest(`unable to delete network: prefix ${used} has ips, delete prefix not possible`);
  return remove(context, network);
}

function remove({ state }: Context, network: Network): Network {
  for (const cidr of network.prefixes) state.ipam.delete(cidr);
  if (network.vrf !== undefined && !network.vrfshared) state.vrfs.release(network.vrf);
  state.networks.delete(network.id);
  return network;
}
