import type { Firewall, FirewallDeployment } from '../../../apis/firewall/firewall.ts';
import type { Ip, Machine, Network } from '../metal-api/types.ts';
import type { MetalCluster } from './account.ts';

/** What metal-api holds in one project. Firewalls are among the machines. */
export interface Holdings {
  readonly account: string;
  readonly projectID: string;
  readonly networks: readonly Network[];
  readonly ips: readonly Ip[];
  readonly machines: readonly Machine[];
}

/** A cluster beside what its project holds. */
export interface Comparison extends MetalCluster {
  readonly holdings: Holdings;
  readonly firewalls: readonly Firewall[];
  readonly firewallDeployments: readonly FirewallDeployment[];
}

export const nameOfNetwork = ({ id, prefixes }: Network): string => `network ${prefixes.join(', ') || id}`;
export const nameOfIp = ({ ipaddress }: Ip): string => `ip ${ipaddress}`;
export const nameOfMachine = ({ id, allocation }: Machine): string =>
  `${allocation?.role ?? 'machine'} ${allocation?.hostname ?? ''} (${id})`;
