import { clusterObject } from '../../src/plan/gardenlet/cluster.ts';
import type { Operation } from './context.ts';
import { createOrPatch } from './merge.ts';
import { clusters } from './resources.ts';
import { genericKubeconfigSecret } from './shoot-access.ts';

/** Brings the Cluster up to what the Shoot is now. */
export async function syncCluster(operation: Operation): Promise<void> {
  const { seed, namespace, shoot, seedObject, cloudProfile, shootApi, signal } = operation;
  const wanted = clusterObject(namespace, shoot, seedObject, cloudProfile, shootApi && genericKubeconfigSecret);
  await createOrPatch(seed, clusters, { name: namespace }, () => wanted, signal);
}
