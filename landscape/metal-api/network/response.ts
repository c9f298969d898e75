import type { Network } from '../model.ts';
import type { State } from '../state.ts';
import { type AddressFamily, familiesOf } from './prefix.ts';
import type { Usage } from './prefix-pool.ts';

const NO_USAGE: Usage = { available_ips: 0, used_ips: 0, available_prefixes: 0, used_prefixes: 0 };

function sum(usages: readonly Usage[]): Usage {
  const total = { ...NO_USAGE };
  for (const usage of usages) {
    total.available_ips += usage.available_ips;
    total.used_ips += usage.used_ips;
    total.available_prefixes += usage.available_prefixes;
    total.used_prefixes += usage.used_prefixes;
  }
  return total;
}

/** `nattype` is the newer form of `nat`. */
export function natType(nat: boolean): string {
  return nat ? 'ipv4-masq' : 'none';
}

/** The API v2 name of what kind of network this is. */
export function networkType(
  network: Pick<Network, 'underlay' | 'privatesuper' | 'parentnetworkid' | 'shared'>,
): string {
  if (network.underlay) return 'underlay';
  if (network.privatesuper) return 'super';
  if (network.parentnetworkid === undefined) return 'external';
  return network.shared ? 'child-shared' : 'child';
}

function usageOf(state: State, network: Network, family: AddressFamily): Usage {
  const prefixes = network.prefixes.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
  return sum(prefixes.map((cidr) => state.ipam.usage(cidr)));
}

/** `freed` networks have no prefixes in ipam any more: their consumption is empty. */
export function networkResponse(state: State, network: Network, freed = false): object {
  const families = freed ? [] : familiesOf(network.prefixes);
  const consumption = Object.fromEntries(
    families.map((family) => [family.toLowerCase(), usageOf(state, network, family)]),
  );
  return {
    ...network,
    nattype: natType(network.nat),
    networktype: networkType(network),
    usage: sum(Object.values(consumption)),
    consumption,
  };
}
