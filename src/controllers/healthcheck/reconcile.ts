import type { Cluster } from '../../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reconcile } from '../../kube/controller.ts';
import type { Resource } from '../../kube/resource.ts';
import type { Pause } from '../../kube/seat.ts';
import type { ReadYourWrites } from '../../kube/written.ts';
import type { HealthChecks } from '../../providers/health.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { conditionsOf, type Finding, mergeConditions } from './conditions.ts';
import { type CheckResult, findingsOf, hibernated } from './findings.ts';
import { comingIntoBeing, runChecks, within } from './run-checks.ts';
import type { ShootClients } from './shoot-clients.ts';
import type { Sources } from './sources.ts';
import { isChecked, isNew, newForMs } from './subject.ts';
import { writeConditions } from './write.ts';

interface ReconcileOptions<T extends ExtensionObject> {
  readonly resource: Resource<T>;
  readonly health: HealthChecks;
  readonly objects: ReadYourWrites<T>;
  readonly sources: Sources;
  readonly clusters: ClusterReader;
  readonly shoots: ShootClients;
  readonly syncPeriodMs: number;
  readonly client: KubeClient;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Checks that take longer, because a shoot does not answer, let other objects have their turn. */
const patienceMs = 500;

/** Changes that follow each other closely are looked at together: no object is checked more often than this. */
const spacingOf = (syncPeriodMs: number): number => Math.min(2000, syncPeriodMs / 6);

/** One look at one object. Nothing is written unless there is something new to say. */
export function createHealthReconcile<T extends ExtensionObject>(options: ReconcileOptions<T>): Reconcile {
  const { resource, health, objects, clusters, syncPeriodMs, client, clock, random } = options;
  const lastCheck = new Map<string, number>();
  const unready = new Set<string>();
  const types = [...new Set(health.checks.map(({ condition }) => condition))];

  const write = (object: T, findings: (current: T) => readonly Finding[], signal: AbortSignal) =>
    writeConditions(
      object,
      (current) =>
        isChecked(current)
          ? mergeConditions(conditionsOf(current), findings(current), health.formerConditions ?? [], clock.now())
          : undefined,
      { client, resource, written: objects, signal },
    );

  return async (key, signal, _log, pause) => {
    const object = objects.newest(key);
    if (!object || !isChecked(object)) {
      if (object) unready.add(key);
      else unready.delete(key);
      lastCheck.delete(key);
      clusters.forget(key);
      return undefined;
    }
    // Right after a first success others write the object, too.
    if (unready.delete(key)) lastCheck.set(key, clock.monotonic());
    const waitMs = (lastCheck.get(key) ?? Number.NEGATIVE_INFINITY) + spacingOf(syncPeriodMs) - clock.monotonic();
    if (waitMs > 0) return { requeueAfterMs: waitMs };

    const cluster = await clusters.read(key, object, signal);
    lastCheck.set(key, clock.monotonic());
    if (cluster.spec.shoot.spec.hibernation?.enabled) {
      await write(object, () => hibernated(types), signal);
      // Waking up begins with a request for the object.
      return undefined;
    }
    const results = await check(object, cluster, options, signal, pause);
    const newest = objects.newest(key) ?? object;
    await write(newest, (current) => findingsOf(results, conditionsOf(current), clock.now()), signal);
    // Spread, so that the checks of all objects do not stay together for ever.
    return { requeueAfterMs: syncPeriodMs * (1 - random() / 10) };
  };
}

async function check<T extends ExtensionObject>(
  object: T,
  cluster: Cluster,
  { health, sources, shoots, syncPeriodMs, clock }: ReconcileOptions<T>,
  signal: AbortSignal,
  pause: Pause,
): Promise<readonly CheckResult[]> {
  const { namespace = '' } = object.metadata;
  const shoot = () => shoots.client(namespace, signal);
  const context = { namespace, cluster, seed: sources.in(namespace), shoot, clock };
  const running = runChecks(health.checks, context, syncPeriodMs, signal);
  const results = (await within(clock, patienceMs, running)) ?? (await pause(() => running));
  if (results.some(({ health }) => health.status === 'failed')) shoots.doubt(namespace);
  return isNew(object, clock.now()) ? comingIntoBeing(results, newForMs) : results;
}
