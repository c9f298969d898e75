import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { OperationError } from '../../errors.ts';
import type { Operation } from '../../provider.ts';
import type { MetalApi } from '../metal-api/client.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import type { Network } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import { desiredNetwork, familiesOf, type NodeCIDRs, nodeCIDRsOf } from './desired.ts';
import { decideNodeNetwork, type KnownCIDRs } from './node-network.ts';
import type { Scope } from './scope.ts';

/** The networks that carry this cluster's label. */
export function findNodeNetworks(api: MetalApi, scope: Scope, signal: AbortSignal): Promise<Network[]> {
  const { projectID, partitionID, clusterID } = scope;
  const labels = { [CLUSTER_ID]: clusterID };
  return api.findNetworks({ projectid: projectID, partitionid: partitionID, labels }, { signal });
}

/**
 * Adopts the node network that was found, or allocates it. The allocation carries the label that the find goes by: after
 * a lost answer or a lost status write the next run adopts what the earlier one made.
 */
export async function ensureNodeNetwork(
  api: MetalApi,
  scope: Scope,
  found: readonly Network[],
  operation: Operation<Infrastructure>,
): Promise<NodeCIDRs> {
  const { signal, cluster, object } = operation;
  const { shoot } = cluster.spec;
  const known: KnownCIDRs = { status: object.status?.nodesCIDR, shoot: shoot.spec.networking?.nodes };
  const decision = decideNodeNetwork(found, known, scope);
  switch (decision.kind) {
    case 'adopt':
      await freeSurplus(api, decision.surplus, operation);
      return nodeCIDRsOf(decision.network, familiesOf(shoot), known);
    case 'given':
      return [decision.cidr];
    case 'disappeared':
      throw new OperationError(
        `node network ${decision.cidr} disappeared from metal-api: no network of project ${scope.projectID} in partition ` +
          `${scope.partitionID} has it and the label ${CLUSTER_ID}=${scope.clusterID}. Restore the network or its label`,
        { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'] },
      );
    case 'allocate': {
      const network = await api.allocateNetwork(desiredNetwork(scope, shoot), { signal });
      operation.log.info({ network: network.id, prefixes: network.prefixes }, 'node network allocated');
      return nodeCIDRsOf(network, familiesOf(shoot), known);
    }
  }
}

async function freeSurplus(api: MetalApi, surplus: readonly Network[], { log, signal }: Operation<Infrastructure>) {
  for (const network of surplus) {
    try {
      await api.freeNetwork(network.id, { signal });
      log.info({ network: network.id, prefixes: network.prefixes }, 'surplus node network freed');
    } catch (error) {
      if (!isMetalApiError(error, 'conflict')) throw error;
      log.warn({ network: network.id, prefixes: network.prefixes }, 'surplus node network is in use and stays');
    }
  }
}
