import { configurationProblem } from '../errors.ts';
import type { Network } from '../metal-api/types.ts';
import type { NetworkAccess } from './model.ts';

const DEFAULT = 'network.metal-stack.io/default';
const DEFAULT_EXTERNAL = 'network.metal-stack.io/default-external';

interface ExternalNetworkInput {
  /** The owner's choice. */
  readonly chosen: string | undefined;
  /** In the owner's order. */
  readonly firewallNetworks: readonly string[];
  readonly access: NetworkAccess;
  /** All of metal-api, by id. */
  readonly networks: ReadonlyMap<string, Network>;
}

/** The network that load balancers get addresses from; empty for none (metal-provider 3.3 getDefaultExternalNetwork). */
export function defaultExternalNetwork({ chosen, firewallNetworks, access, networks }: ExternalNetworkInput): string {
  if (chosen) {
    if (firewallNetworks.includes(chosen)) return chosen;
    throw configurationProblem(
      `given default external network not contained in firewall networks: ${chosen} is not one of ${firewallNetworks.join(', ')}`,
    );
  }
  if (access === 'forbidden') return '';
  const candidates = networksOf(firewallNetworks, networks).filter(({ labels }) =>
    Object.hasOwn(labels, DEFAULT_EXTERNAL),
  );
  const external = candidates.filter(({ parentnetworkid }) => !parentnetworkid);
  // A network below the private super network: a DMZ, as it was made before it was a network of its own.
  const dmz = candidates.filter((network) => isBelowPrivateSuper(network, networks));
  const found = external.find(({ labels }) => Object.hasOwn(labels, DEFAULT)) ?? external[0] ?? dmz[0];
  return found?.id ?? '';
}

function isBelowPrivateSuper({ id, parentnetworkid }: Network, networks: ReadonlyMap<string, Network>): boolean {
  if (!parentnetworkid) return false;
  const parent = networks.get(parentnetworkid);
  if (parent) return parent.privatesuper === true;
  throw missing(`the parent network ${parentnetworkid} of the firewall network ${id}`);
}

/** The networks of the firewall, in the order of their ids; throws when metal-api does not have one. */
export function networksOf(ids: readonly string[], networks: ReadonlyMap<string, Network>): Network[] {
  return ids.map((id) => {
    const network = networks.get(id);
    if (network) return network;
    throw missing(`the network ${id} in firewall.networks`);
  });
}

const missing = (what: string) =>
  configurationProblem(`${what} does not exist in metal-api: correct firewall.networks of the infrastructureConfig`);
