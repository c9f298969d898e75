import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import type { MetadataChange } from '../../kube/finalizers.ts';
import type { Logger } from '../../kube/logger.ts';
import type { Pause } from '../../kube/seat.ts';
import type { Actuator, Outcome } from '../../providers/provider.ts';
import { answer, operationAnnotation, type RequestedOperation, requestedOperation } from './annotations.ts';
import { type Announcement, announce } from './announce.ts';
import { isShootFailed, needsForceDeletion, readCluster } from './cluster.ts';
import type { ExtensionKind } from './kind.ts';
import { operationFor, type Run, type Surroundings } from './operation.ts';
import { isMigratedAway, operationType } from './operation-type.ts';
import { toProblem } from './problem.ts';
import { openSession } from './session.ts';
import { bringsOnlyTime, failed, type RawStatusPatch, succeeded } from './status.ts';
import { Superseded } from './superseded.ts';
import { needsWork, showsWork } from './work.ts';

export interface LifecycleOptions<T extends ExtensionObject> extends Surroundings<T> {
  readonly kind: ExtensionKind<T>;
  readonly actuator: Actuator<T>;
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Keys of objects that are to be reconciled once although Gardener does not ask. */
  readonly unasked: Set<string>;
  /** Reconcile on every wake-up, whether or not gardenlet asked. Never in production. */
  readonly ignoreOperationAnnotation: boolean;
}

/**
 * Gardener's lifecycle of an extension object around a provider's actuator (gardener-contract 1.7): dispatch, finalizer,
 * annotation, status. Every write stands alone, so that a process killed between any two leaves an object from which the
 * next run goes on.
 */
export function createLifecycle<T extends ExtensionObject>(options: LifecycleOptions<T>): Reconcile {
  const { kind, client, objects, clock, unasked } = options;

  async function reconcile(
    key: string,
    signal: AbortSignal,
    log: Logger,
    pause: Pause,
  ): Promise<ReconcileResult | undefined> {
    const isUnasked = unasked.delete(key);
    try {
      const result = await look(key, isUnasked || options.ignoreOperationAnnotation, { signal, log, pause });
      if (result?.requeueAfterMs !== undefined) unasked.add(key);
      return result;
    } catch (error) {
      // The object itself may look finished: the repetition would find nothing to do.
      if (isUnasked) unasked.add(key);
      throw error;
    }
  }

  async function look(
    key: string,
    wanted: boolean,
    given: Pick<Run<T>, 'signal' | 'log' | 'pause'>,
  ): Promise<ReconcileResult | undefined> {
    const object = objects.newest(key);
    if (!object || requestedOperation(object) === 'wait-for-state') return undefined;
    if (!wanted && !needsWork(object)) return undefined;
    const cluster = await readCluster(client, object.metadata.namespace ?? '', given.signal);
    if (isShootFailed(cluster)) {
      given.log.info({}, 'shoot has failed, waiting for gardenlet to try again');
      return undefined;
    }
    return start({ ...given, object, cluster });
  }

  async function start(
    given: Pick<Run<T>, 'object' | 'cluster' | 'signal' | 'log' | 'pause'>,
  ): Promise<ReconcileResult | undefined> {
    const { object } = given;
    const type = operationType(object);
    if (type === 'Delete' && !object.metadata.finalizers?.includes(kind.finalizer)) return undefined;
    const requested = requestedOperation(object);
    const session = openSession(client, kind.resource, objects, object);
    const begun = await session.begin(startOf(type, requested, object));
    if (begun === 'conflict') return { requeueAfterMs: 0 };
    if (begun === 'gone' || isMigratedAway(object, type)) return undefined;
    return operate({ ...given, type, requested, object: session.current(), session });
  }

  /**
   * The request to reconcile is taken before the work (gardener-contract 1.6), so that one that comes meanwhile is not
   * lost. Only where the object would look finished without it, it stays to the end.
   */
  function startOf(type: OperationType, requested: RequestedOperation | undefined, object: T): MetadataChange {
    const isAway = isMigratedAway(object, type);
    const takesFinalizer = type !== 'Delete' && type !== 'Migrate' && !isAway;
    const takesRequest = requested === 'reconcile' && (isAway || showsWork(object));
    return {
      ...(takesFinalizer ? { addFinalizer: kind.finalizer } : {}),
      removeAnnotations: takesRequest ? [operationAnnotation] : [],
    };
  }

  async function operate(run: Run<T>): Promise<ReconcileResult | undefined> {
    const announcement = announce(run, kind, clock);
    let outcome: Outcome<T>;
    try {
      outcome = await act(run, announcement);
    } catch (error) {
      await announcement.settle();
      if (error instanceof Superseded) return { requeueAfterMs: 0 };
      await report(run, error);
      throw error;
    }
    await announcement.settle();
    const recovered = run.object.status?.lastError !== undefined;
    await reportSuccess(run, outcome);
    if (recovered) options.recorder.event(run.object, 'Normal', 'Recovered', 'The last error is gone');
    await run.session.finish((current) => endOf(run, current));
    return outcome.requeueAfterMs === undefined ? undefined : { requeueAfterMs: outcome.requeueAfterMs };
  }

  function act(run: Run<T>, announcement: Announcement): Promise<Outcome<T>> {
    const { actuator } = options;
    const operation = operationFor(run, announcement, options);
    switch (run.type) {
      case 'Create':
      case 'Reconcile':
        return actuator.reconcile(operation);
      case 'Delete':
        return needsForceDeletion(run.cluster) ? actuator.forceDelete(operation) : actuator.delete(operation);
      case 'Migrate':
        return actuator.migrate(operation);
      case 'Restore':
        return actuator.restore(operation);
    }
  }

  async function reportSuccess(run: Run<T>, { status, requeueAfterMs }: Outcome<T>): Promise<void> {
    const details = { status: status as RawStatusPatch | undefined, unfinished: requeueAfterMs !== undefined };
    const patch = succeeded(asStarted(run), run.type, kind, clock.now(), details);
    const isAwaited = run.requested !== undefined || showsWork(run.object);
    if (isAwaited || !bringsOnlyTime(run.session.current(), patch)) await run.session.patchStatus(patch);
  }

  /** A run that the process' own stop has cut short says nothing: it stays in Processing and is resumed after the start. */
  async function report(run: Run<T>, error: unknown): Promise<void> {
    if (run.signal.aborted && (run.signal.reason as Error)?.name !== 'TimeoutError') return;
    const problem = toProblem(error);
    const patch = failed(asStarted(run), run.type, kind, clock.now(), problem);
    if (patch) await run.session.patchStatus(patch);
    options.recorder.event(run.object, 'Warning', `${run.type}Error`, problem.message);
  }

  function endOf(run: Run<T>, current: T): MetadataChange {
    const removeAnnotations = answer(run.object, current);
    switch (run.type) {
      case 'Delete':
        return { removeFinalizers: [kind.finalizer] };
      case 'Migrate':
        return { ...removeAnnotations, removeFinalizers: kind.migrationRemoves === 'all' ? 'all' : [kind.finalizer] };
      default:
        return removeAnnotations;
    }
  }

  return reconcile;
}

/** The newest status under the metadata of the start: a change of the spec during the run has not been observed. */
function asStarted<T extends ExtensionObject>(run: Run<T>): T {
  return { ...run.session.current(), metadata: run.object.metadata };
}
