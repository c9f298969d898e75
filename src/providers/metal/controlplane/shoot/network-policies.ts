import { type ClusterwideNetworkPolicy, clusterwideNetworkPolicies } from '../../../../apis/firewall/network-policy.ts';
import { familyOf } from '../../infrastructure/node-network.ts';
import { hostCIDR, splitEndpoint } from '../addresses.ts';
import type { ControlPlaneModel } from '../model.ts';
import { FIREWALL_NAMESPACE } from './firewall-namespace.ts';

type Egress = NonNullable<ClusterwideNetworkPolicy['spec']['egress']>[number];
type Ports = Egress['ports'];

const tcp = (...ports: readonly number[]): Ports => ports.map((port) => ({ protocol: 'TCP', port }));
const udp = (...ports: readonly number[]): Ports => ports.map((port) => ({ protocol: 'UDP', port }));
/** Of the storage of a partition. */
export const storagePorts = tcp(443, 4420, 8009);

/** In this order: firewall-controller 2.5.0 takes 0.0.0.0/0 for all addresses only where it comes first. */
const everywhere = ['0.0.0.0/0', '::/0'];

/** What the firewall lets through, by the network access of the cluster (metal-provider 3.8). */
export function clusterwidePolicies(model: ControlPlaneModel): readonly ClusterwideNetworkPolicy[] {
  const { apiServerAddresses, duros, isolation } = model;
  const to = (destinations: readonly string[], ports: Ports) => egress(model, destinations, ports);
  const open = model.networkAccess === 'baseline';
  const servers = (isolated: readonly string[] = []) => (open ? everywhere : isolated);
  return [
    clusterwidePolicy('allow-to-dns', to(servers(isolation?.dnsServers), [...udp(53), ...tcp(53)])),
    clusterwidePolicy('allow-to-ntp', to(servers(isolation?.ntpServers), udp(123))),
    clusterwidePolicy('allow-to-vpn', to(apiServerAddresses, [...udp(4314), ...tcp(4314)])),
    clusterwidePolicy('allow-to-apiserver', to(apiServerAddresses, tcp(443, 8443, 8132))),
    ...(open
      ? [
          clusterwidePolicy('allow-to-http', to(everywhere, tcp(80))),
          clusterwidePolicy('allow-to-https', to(everywhere, tcp(443))),
        ]
      : [clusterwidePolicy('allow-to-registry', mirrors(model))]),
    clusterwidePolicy('allow-to-storage', to((duros?.endpoints ?? []).map(hostOf), storagePorts)),
  ].filter(({ spec }) => spec.egress?.length);
}

const mirrors = (model: ControlPlaneModel): readonly Egress[] =>
  (model.isolation?.registryMirrors ?? []).flatMap(({ ip, port }) => egress(model, [ip], tcp(port)));

const hostOf = (endpoint: string): string => splitEndpoint(endpoint)?.host ?? endpoint;

/**
 * Rules to addresses, CIDRs and host names. A rule for nothing is none: an empty `to` may be read as everything. Nor are
 * there rules for a family that no node has: firewall-controller 2.5.0 puts all into IPv4 rules, and nftables refuses the
 * whole ruleset for one IPv6 address.
 */
function egress({ nodeCIDRs }: ControlPlaneModel, destinations: readonly string[], ports: Ports): readonly Egress[] {
  const families = new Set(nodeCIDRs.map(familyOf));
  const cidrOf = (destination: string) => (familyOf(destination) ? destination : hostCIDR(destination));
  const to = destinations.flatMap((destination) => {
    const cidr = cidrOf(destination);
    return cidr && families.has(familyOf(cidr)) ? [{ cidr }] : [];
  });
  const toFQDNs = destinations.filter((destination) => !cidrOf(destination)).map((matchName) => ({ matchName }));
  return [...(to.length > 0 ? [{ ports, to }] : []), ...(toFQDNs.length > 0 ? [{ ports, toFQDNs }] : [])];
}

const { group, version, kind } = clusterwideNetworkPolicies;

/** Of a firewall of metal-stack, which looks for it in this namespace only. */
export const clusterwidePolicy = (name: string, egress: readonly Egress[]): ClusterwideNetworkPolicy => ({
  apiVersion: `${group}/${version}`,
  kind,
  metadata: { name, namespace: FIREWALL_NAMESPACE },
  spec: { egress },
});
