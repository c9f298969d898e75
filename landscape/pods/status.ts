import { isDeepStrictEqual } from 'node:util';
import { type Condition, type Deployment, replicasOf, type WorkloadStatus } from './deployment.ts';

/** Times stay as long as the rest of the condition does. */
function condition(before: WorkloadStatus | undefined, now: string, wanted: Condition): Condition {
  const old = before?.conditions?.find(({ type }) => type === wanted.type);
  const { lastTransitionTime = now, lastUpdateTime = now, ...rest } = old ?? {};
  if (isDeepStrictEqual(rest, wanted)) return { ...wanted, lastTransitionTime, lastUpdateTime };
  return {
    ...wanted,
    lastTransitionTime: old?.status === wanted.status ? lastTransitionTime : now,
    lastUpdateTime: now,
  };
}

/**
 * What the Deployment controller would write, with the reasons that Gardener's health checks look at. `isServed`: pods are
 * ready, perhaps those of the template before.
 */
export function deploymentStatus(
  deployment: Deployment,
  { isReady, isServed = isReady }: { readonly isReady: boolean; readonly isServed?: boolean },
  now: string,
): WorkloadStatus {
  const replicas = replicasOf(deployment);
  const available = isServed ? replicas : 0;
  const isAvailable = available === replicas;
  const isDone = isReady || replicas === 0;
  const total = isServed && !isDone ? replicas * 2 : replicas;
  const set = (wanted: Condition) => condition(deployment.status, now, wanted);
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: total,
    updatedReplicas: replicas,
    readyReplicas: available,
    availableReplicas: available,
    unavailableReplicas: total - available,
    conditions: [
      isAvailable
        ? set({ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'all pods are ready' })
        : set({
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'not all are ready',
          }),
      isDone
        ? set({ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: 'all pods are ready' })
        : set({ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: 'not all are ready' }),
    ],
  };
}

/** A DaemonSet here has no node to run on, which is healthy. */
export const daemonSetStatus = (generation = 0): WorkloadStatus => ({
  observedGeneration: generation,
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
});

/** All its replicas are taken for running. */
export const statefulSetStatus = (generation = 0, replicas = 1): WorkloadStatus => ({
  observedGeneration: generation,
  replicas,
  readyReplicas: replicas,
  currentReplicas: replicas,
  updatedReplicas: replicas,
  availableReplicas: replicas,
});

/** A merge patch of what differs; undefined when nothing does. */
export function statusPatch(before: WorkloadStatus | undefined, wanted: WorkloadStatus): object | undefined {
  const isSame = (key: string) => isDeepStrictEqual(before?.[key] ?? 0, wanted[key] ?? 0);
  const changed = Object.keys(wanted).filter((key) => !isSame(key));
  if (changed.length === 0) return undefined;
  return { status: Object.fromEntries(changed.map((key) => [key, wanted[key]])) };
}
