import type { Worker, WorkerObjectStatus } from '../../apis/extensions/worker.ts';
import { timestamp } from '../../kube/timestamp.ts';
import type { Operation, StatusPatch } from '../../providers/provider.ts';
import { statusTime } from '../lifecycle/status.ts';
import type { ObservedMachines } from './availability.ts';
import { inPlaceHash, isInPlace } from './pool-hash.ts';
import { shootFacts } from './shoot-facts.ts';
import { summaryOf, type WantedDeployment } from './wanted.ts';

/**
 * What cluster-autoscaler and gardenlet wait for. The time moves forward with every reconcile, by a whole second at least:
 * gardenlet compares it to the one before (gardener-contract 2.8).
 */
export function noteOf(worker: Worker, wanted: readonly WantedDeployment[], nowMs: number): StatusPatch<Worker> {
  const before = Date.parse(worker.status?.machineDeploymentsLastUpdateTime ?? '');
  const now = Date.parse(statusTime(worker, nowMs));
  const time = Number.isNaN(before) ? now : Math.max(now, before + 1000);
  return {
    machineDeployments: summaryOf(wanted),
    machineDeploymentsLastUpdateTime: timestamp(time),
  };
}

/** The hashes that the pools updated in place have come to; gardenlet goes on when they change (gardener-contract 2.7). */
export function inPlaceUpdates(
  { object, cluster }: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  { deployments }: Pick<ObservedMachines, 'deployments'>,
): StatusPatch<Worker> {
  const before = object.status?.inPlaceUpdates?.workerPoolToHashMap ?? {};
  const pools = (object.spec.pools ?? []).filter(isInPlace);
  const reached = (name: string) =>
    wanted
      .filter(({ pool }) => pool.name === name)
      .every((one) => {
        const { replicas = 0, updatedReplicas = 0 } =
          deployments.find(({ metadata }) => metadata.name === one.name)?.status ?? {};
        return updatedReplicas >= replicas;
      });
  const hashes = pools.flatMap((pool) => {
    const isUnfinished = pool.updateStrategy === 'ManualInPlaceUpdate' && !reached(pool.name);
    const hash = isUnfinished ? before[pool.name] : inPlaceHash(pool, shootFacts(cluster, pool.name));
    return hash === undefined ? [] : [[pool.name, hash] as const];
  });
  const after = Object.fromEntries(hashes);
  const stale = Object.keys(before).filter((name) => !(name in after));
  if (hashes.length === 0 && stale.length === 0) return {};
  // In a merge patch null takes a member out.
  const workerPoolToHashMap = { ...after, ...Object.fromEntries(stale.map((name) => [name, null])) };
  return { inPlaceUpdates: { workerPoolToHashMap } as unknown as NonNullable<WorkerObjectStatus['inPlaceUpdates']> };
}
