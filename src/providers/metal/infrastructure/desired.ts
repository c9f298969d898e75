import type { Shoot } from '../../../apis/core/shoot.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { METAL_API_VERSION } from '../../../apis/metal/group.ts';
import { type InfrastructureStatus, infrastructureStatus } from '../../../apis/metal/infrastructure-status.ts';
import type { StatusPatch } from '../../provider.ts';
import { configurationProblem } from '../errors.ts';
import type { AddressFamily, Network, NetworkAllocate } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import { familyOf, type KnownCIDRs, sameCIDR } from './node-network.ts';
import type { Scope } from './scope.ts';

/** The CIDRs of the nodes; the first is `nodesCIDR`. */
export type NodeCIDRs = readonly [string, ...string[]];

/** The shoot's address families, the primary one first. */
export function familiesOf(shoot: Shoot): readonly AddressFamily[] {
  const families = (shoot.spec.networking?.ipFamilies ?? []).filter((family) => family === 'IPv4' || family === 'IPv6');
  return families.length > 0 ? families : ['IPv4'];
}

/** The order for a node network, with the label by which it is found again. */
export function desiredNetwork(scope: Scope, shoot: Shoot): NetworkAllocate {
  const [primary, ...others] = familiesOf(shoot);
  return {
    projectid: scope.projectID,
    partitionid: scope.partitionID,
    name: shoot.metadata.name,
    description: scope.clusterID,
    labels: { [CLUSTER_ID]: scope.clusterID },
    ...(primary && others.length === 0 ? { addressfamily: primary } : {}),
  };
}

/**
 * The prefixes of a network, the one that is `nodesCIDR` first: what the status or the Shoot names already (it never
 * changes), else the first of the primary family.
 */
export function nodeCIDRsOf(network: Network, families: readonly AddressFamily[], known: KnownCIDRs): NodeCIDRs {
  const { prefixes } = network;
  const has = (cidr: string | undefined) => prefixes.find((prefix) => cidr !== undefined && sameCIDR(prefix, cidr));
  const first = has(known.status) ?? has(known.shoot) ?? prefixes.find((prefix) => familyOf(prefix) === families[0]);
  if (!first) {
    throw configurationProblem(
      `the node network ${network.id} has no ${families[0]} prefix (it has ${prefixes.join(', ') || 'none'}): ` +
        "choose a partition that offers the first of the shoot's ipFamilies",
    );
  }
  return [first, ...prefixes.filter((prefix) => prefix !== first)];
}

/** What reconcile says in the status. `egressCIDRs` belongs to firewall-controller-manager, `state` to the Worker. */
export function desiredStatus(
  infrastructure: Infrastructure,
  cidrs: NodeCIDRs,
  families: readonly AddressFamily[],
): StatusPatch<Infrastructure> {
  return {
    nodesCIDR: cidrs[0],
    providerStatus: {
      apiVersion: METAL_API_VERSION,
      kind: 'InfrastructureStatus',
      firewall: { machineID: machineIDOf(infrastructure.status?.providerStatus) },
    } satisfies InfrastructureStatus,
    ...(cidrs.length > 1 || families.length > 1 ? { networking: { nodes: cidrs } } : {}),
  };
}

function machineIDOf(providerStatus: unknown): string {
  const status = infrastructureStatus.safeParse(providerStatus);
  return status.data?.firewall?.machineID ?? '';
}
