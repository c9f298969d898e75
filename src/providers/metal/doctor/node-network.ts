import type { Finding } from '../../doctor.ts';
import { decideNodeNetwork, networksOf, sameCIDR } from '../infrastructure/node-network.ts';
import type { Network } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import { type Comparison, nameOfNetwork } from './holdings.ts';

/** Whether the nodes have the one network that the reconcile would choose (decision 0009). */
export function nodeNetworkFindings(comparison: Comparison): readonly Finding[] {
  const { snapshot, scope, holdings } = comparison;
  const { infrastructure, cluster, namespace } = snapshot;
  const known = { status: infrastructure?.status?.nodesCIDR, shoot: cluster.spec.shoot.spec.networking?.nodes };
  const here = holdings.networks.filter(({ partitionid }) => partitionid === scope.partitionID);
  const decision = decideNodeNetwork(here, known, scope);
  const missing = (cidr: string, advice: string): Finding => ({
    ...{ severity: 'error', kind: 'NodeNetworkMissing', object: `network ${cidr}`, cluster: namespace },
    message: `is not at metal-api in project ${scope.projectID} and partition ${scope.partitionID}`,
    advice,
  });
  switch (decision.kind) {
    case 'disappeared':
      return [missing(decision.cidr, `Restore the network or its label ${CLUSTER_ID}=${scope.clusterID}`)];
    case 'given':
      return given(decision.cidr, holdings.networks, missing, namespace);
    case 'allocate':
      return [missing('of the nodes', 'Reconcile the Shoot')];
    case 'adopt':
      return networksOf(here, scope)
        .filter((network) => network !== decision.network)
        .map((network) => surplus(network, decision.surplus.includes(network), namespace));
  }
}

function given(
  cidr: string,
  networks: readonly Network[],
  missing: (cidr: string, advice: string) => Finding,
  namespace: string,
): readonly Finding[] {
  const found = networks.filter(({ prefixes }) => prefixes.some((prefix) => sameCIDR(prefix, cidr)));
  if (found.length === 0) return [missing(cidr, 'Restore the network that the Shoot names in spec.networking.nodes')];
  if (found.length === 1) return [];
  return [
    {
      ...{ severity: 'error', kind: 'NodeNetworkAmbiguous', object: `network ${cidr}`, cluster: namespace },
      message: `is there ${found.length} times: ${found.map(({ id }) => id).join(', ')}`,
      advice: `Put the label ${CLUSTER_ID} of the cluster on the one that the machines are in`,
    },
  ];
}

/** `isOurs`: an allocation whose answer was lost made it, and the next reconcile frees it. */
function surplus(network: Network, isOurs: boolean, namespace: string): Finding {
  return {
    ...{ severity: 'warning', kind: 'NodeNetworkSurplus', object: nameOfNetwork(network), cluster: namespace },
    message: `${network.id} has the label of the cluster as well, which has another node network`,
    advice: isOurs ? 'Reconcile the Shoot: it is freed then, unless it is in use' : 'Remove the label, or free it',
  };
}
