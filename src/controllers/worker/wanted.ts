import type { MachineDeploymentSummary, Worker, WorkerPool } from '../../apis/extensions/worker.ts';
import type { IntOrString } from '../../apis/object.ts';
import type { Operation } from '../../providers/provider.ts';
import type { MachineClassContent, PoolPlan, WorkerDriver, WorkerPlan } from '../../providers/worker.ts';
import { poolHash } from './pool-hash.ts';
import { shootFacts } from './shoot-facts.ts';
import { shareOf, shareOfIntOrString } from './zones.ts';

/** A MachineDeployment that must be there, with its MachineClass and Secret: one for each zone of a pool. */
export interface WantedDeployment {
  readonly name: string;
  /** Of MachineClass and Secret: it changes when new machines are needed. */
  readonly className: string;
  readonly pool: WorkerPool;
  readonly content: MachineClassContent;
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly minimum: number;
  readonly maximum: number;
  readonly maxSurge: IntOrString;
  readonly maxUnavailable: IntOrString;
  readonly preserveFailedMax: number | undefined;
}

/** In the order of pools and zones. Names begin with the Shoot's technical ID (gardener-contract 2.1). */
export function wantedDeployments(
  operation: Operation<Worker>,
  plan: WorkerPlan,
  hash: WorkerDriver['hash'],
  existingClasses: readonly string[],
): readonly WantedDeployment[] {
  const { object, cluster } = operation;
  const prefix = cluster.spec.shoot.status?.technicalID || object.metadata.namespace;
  return plan.pools.flatMap((poolPlan) => {
    const { pool, zones } = poolPlan;
    const computed = poolHash(poolPlan, shootFacts(cluster, pool.name));
    const base = `${prefix}-${pool.name}`;
    const places = zones.length > 0 ? zones.map((zone, index) => ({ zone, name: `${base}-z${index + 1}` })) : [];
    return (places.length > 0 ? places : [{ zone: undefined, name: base }]).map(({ zone, name }, index) => ({
      ...shareOfPool(poolPlan, zone, { index, count: Math.max(1, zones.length) }),
      name,
      className: `${name}-${hash(operation, name, pool, computed, existingClasses)}`,
    }));
  });
}

function shareOfPool(
  { pool, content, nodeLabels }: PoolPlan,
  zone: string | undefined,
  share: { readonly index: number; readonly count: number },
): Omit<WantedDeployment, 'name' | 'className'> {
  const { minimum, maximum, maxSurge = 0, maxUnavailable = 0 } = pool;
  const preserved = pool.machineControllerManager?.autoPreserveFailedMachineMax;
  return {
    pool,
    content: content(zone),
    nodeLabels: nodeLabels?.(zone) ?? {},
    minimum: shareOf(minimum, share),
    maximum: shareOf(maximum, share),
    maxSurge: shareOfIntOrString(maxSurge, maximum, share, `maxSurge of worker pool ${pool.name}`),
    maxUnavailable: shareOfIntOrString(maxUnavailable, minimum, share, `maxUnavailable of worker pool ${pool.name}`),
    preserveFailedMax: preserved === undefined ? undefined : shareOf(preserved, share),
  };
}

/** What cluster-autoscaler is told of them, in status.machineDeployments. */
export function summaryOf(wanted: readonly WantedDeployment[]): readonly MachineDeploymentSummary[] {
  return wanted.map(({ name, minimum, maximum, pool, preserveFailedMax }) => ({
    name,
    minimum,
    maximum,
    ...(pool.priority === undefined ? {} : { priority: pool.priority }),
    ...(preserveFailedMax === undefined ? {} : { autoPreserveFailedMachineMax: preserveFailedMax }),
  }));
}
