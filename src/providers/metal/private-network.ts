import { normalizeCidr } from 'cidr-tools';
import { OperationError } from '../errors.ts';
import { isCIDR } from './infrastructure/node-network.ts';
import type { Scope } from './infrastructure/scope.ts';
import type { MetalApi } from './metal-api/client.ts';
import type { Network } from './metal-api/types.ts';
import { CLUSTER_ID } from './tags.ts';

/**
 * The private network that the nodes live in: the one of the project with their CIDR, be it allocated for the cluster or
 * given by its owner (metal-provider 3.3). Throws OperationError when that is none, or several and not exactly one of them
 * carries the cluster's label.
 */
export async function findPrivateNetwork(
  api: MetalApi,
  scope: Scope,
  nodeCIDR: string,
  signal: AbortSignal,
): Promise<Network> {
  const { projectID, partitionID, clusterID } = scope;
  const prefix = isCIDR(nodeCIDR) ? normalizeCidr(nodeCIDR) : nodeCIDR;
  const found = await api.findNetworks({ projectid: projectID, prefixes: [prefix] }, { signal });
  const here = found.filter(({ partitionid }) => !partitionid || partitionid === partitionID);
  const labelled = here.filter(({ labels }) => labels[CLUSTER_ID] === clusterID);
  const [network, ...others] = labelled.length > 0 ? labelled : here;
  if (network && others.length === 0) return network;
  const ids = here.map(({ id }) => id).sort();
  throw new OperationError(
    `no distinct private network for project id "${projectID}" and prefix ${prefix} found in partition ${partitionID} ` +
      `(${ids.join(', ') || 'none'}): one network must have this prefix, or one of several the label ${CLUSTER_ID}=${clusterID}`,
    { codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'] },
  );
}
