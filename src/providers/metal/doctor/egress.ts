import type { Finding } from '../../doctor.ts';
import { releases, unclaimed } from '../infrastructure/egress-plan.ts';
import { canonicalIP, configOf, type EgressIP, egressIPsOf } from '../infrastructure/scope.ts';
import type { Ip } from '../metal-api/types.ts';
import { egressTag, isClusterTag, isTagOf } from '../tags.ts';
import { type Comparison, nameOfIp } from './holdings.ts';

/** Whether the addresses that egress rules name are claimed for the cluster, and no others. */
export function egressFindings({ snapshot, scope, holdings }: Comparison): readonly Finding[] {
  const { infrastructure, namespace } = snapshot;
  if (!infrastructure) return [];
  const { clusterID } = scope;
  const wanted = egressIPsOf(configOf(infrastructure));
  const claimed = holdings.ips.filter(({ tags, type }) => type === 'static' && tags.includes(egressTag(clusterID)));
  const missing = unclaimed(wanted, claimed).map((egress) => unclaimedFinding(egress, holdings.ips, clusterID));
  const extra = releases(wanted, claimed, clusterID).map(
    ({ ip }): Told => ({
      ...{ severity: 'warning', kind: 'EgressIPUnwanted', object: nameOfIp(ip) },
      message: 'has the egress tag of the cluster, and no egress rule names it',
      advice: 'Reconcile the Shoot: it is released then',
    }),
  );
  return [...missing, ...extra].map((finding) => ({ ...finding, cluster: namespace }));
}

type Told = Omit<Finding, 'cluster'>;

function unclaimedFinding({ address, networkID }: EgressIP, ips: readonly Ip[], clusterID: string): Told {
  const ip = ips.find(({ ipaddress, networkid }) => canonicalIP(ipaddress) === address && networkid === networkID);
  const object = `ip ${address}`;
  if (!ip) {
    return {
      ...{ severity: 'error', kind: 'EgressIPMissing', object },
      message: `is not in network ${networkID} of the project, and an egress rule names it`,
      advice: 'Allocate it as a static IP, or take it out of firewall.egressRules',
    };
  }
  const others = ip.tags.filter((tag) => isClusterTag(tag) && !isTagOf(tag, clusterID));
  return {
    ...{ severity: 'error', kind: 'EgressIPUnclaimed', object },
    message:
      others.length > 0
        ? `is claimed for another cluster: ${others.join(', ')}`
        : `does not have the egress tag of the cluster${ip.tags.length > 0 ? `, but ${ip.tags.join(', ')}` : ''}`,
    advice:
      ip.tags.length > 0
        ? 'Remove the tags, or take it out of firewall.egressRules'
        : 'Reconcile the Shoot: it is claimed then',
  };
}
