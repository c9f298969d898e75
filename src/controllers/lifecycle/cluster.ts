import { type Cluster, cluster } from '../../apis/extensions/cluster.ts';
import { clusters } from '../../apis/extensions/resources.ts';
import type { KubeClient } from '../../kube/client.ts';
import { OperationError } from '../../providers/errors.ts';

const forceDeletionAnnotation = 'confirmation.gardener.cloud/force-deletion';
/** What Go's ParseBool takes for true. */
const truths = ['1', 't', 'T', 'true', 'TRUE', 'True'];

/**
 * Reads the Cluster of a control-plane namespace live: gardenlet changes it right before it asks for an operation, so a
 * cache may still hold the Shoot as it was (gardener-contract 7.3).
 */
export async function readCluster(client: KubeClient, namespace: string, signal: AbortSignal): Promise<Cluster> {
  const found = await client.find(clusters, { name: namespace }, { signal });
  if (!found) throw new OperationError(`Cluster ${namespace} does not exist yet; gardenlet creates it`);
  const parsed = cluster.safeParse(found);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new OperationError(
      `Cluster ${namespace} cannot be read: ${issue?.path.join('.')}: ${issue?.message}. gardenlet writes it from Shoot, CloudProfile and Seed`,
    );
  }
  return parsed.data;
}

/** Gardener has given up on this Shoot; nothing is done for it until gardenlet tries again (gardener-contract 1.7). */
export function isShootFailed(cluster: Cluster): boolean {
  return cluster.spec.shoot.status?.lastOperation?.state === 'Failed';
}

export function needsForceDeletion(cluster: Cluster): boolean {
  return truths.includes(cluster.spec.shoot.metadata.annotations?.[forceDeletionAnnotation] ?? '');
}
