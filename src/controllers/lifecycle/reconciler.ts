import type { Cluster } from '../../apis/extensions/cluster.ts';
import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { MetadataChange } from '../../kube/finalizers.ts';
import type { Logger } from '../../kube/logger.ts';
import type { NamespaceWatch } from '../../kube/namespace-watch.ts';
import { keyOf } from '../../kube/object.ts';
import type { Pause } from '../../kube/seat.ts';
import type { ReadYourWrites } from '../../kube/written.ts';
import type { Actuator, Operation, Outcome } from '../../providers/provider.ts';
import {
  isSameRequest,
  operationAnnotation,
  type RequestedOperation,
  requestAnnotations,
  requestedOperation,
} from './annotations.ts';
import { type Announcement, announce } from './announce.ts';
import { isShootFailed, needsForceDeletion, readCluster } from './cluster.ts';
import type { ExtensionKind } from './kind.ts';
import { isMigratedAway, operationType } from './operation-type.ts';
import { toProblem } from './problem.ts';
import { openSession, type Session } from './session.ts';
import { bringsOnlyTime, changed, failed, type RawStatusPatch, succeeded } from './status.ts';
import { isSuperseded, Superseded } from './superseded.ts';
import { needsWork, showsWork } from './work.ts';

export interface LifecycleOptions<T extends ExtensionObject> {
  readonly kind: ExtensionKind<T>;
  readonly actuator: Actuator<T>;
  readonly client: KubeClient;
  readonly objects: ReadYourWrites<T>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  /** Of the objects of this kind: ends the pause of a run that is superseded. */
  readonly changes: NamespaceWatch;
  /** Keys of objects that are to be reconciled once although Gardener does not ask. */
  readonly unasked: Set<string>;
  /** Reconcile on every wake-up, whether or not gardenlet asked. Never in production. */
  readonly ignoreOperationAnnotation: boolean;
}

/** One run for one object: its type of operation is settled, its Cluster read. */
interface Run<T extends ExtensionObject> {
  readonly type: OperationType;
  readonly requested: RequestedOperation | undefined;
  /** State at the start of the operation: its generation is the one observed, its request the one answered. */
  readonly object: T;
  readonly cluster: Cluster;
  readonly session: Session<T>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly pause: Pause;
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
    const wanted = unasked.delete(key) || options.ignoreOperationAnnotation;
    const object = objects.newest(key);
    if (!object || requestedOperation(object) === 'wait-for-state') return undefined;
    if (!wanted && !needsWork(object)) return undefined;
    const cluster = await readCluster(client, object.metadata.namespace ?? '', signal);
    if (isShootFailed(cluster)) {
      log.info({}, 'shoot has failed, waiting for gardenlet to try again');
      return undefined;
    }
    const result = await start({ object, cluster, signal, log, pause });
    if (result?.requeueAfterMs !== undefined) unasked.add(key);
    return result;
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
    const operation = operationFor(run, announcement);
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

  function operationFor(run: Run<T>, announcement: Announcement): Operation<T> {
    const { object, cluster, log, signal, session } = run;
    return {
      object,
      cluster,
      log,
      signal,
      checkpoint: (status) => session.patchStatus(changed(session.current(), status as RawStatusPatch)),
      event: (type, reason, message) => options.recorder.event(object, type, reason, message),
      progress: announcement.say,
      async pause(wait) {
        await takeRequest(run, announcement);
        return run.pause(() => unlessSuperseded(run, wait));
      },
    };
  }

  /** gardenlet shows nothing but a request that still stands: before a long wait the status takes its place. */
  async function takeRequest(run: Run<T>, announcement: Announcement): Promise<void> {
    const { object, requested, session } = run;
    if (requested !== 'reconcile' || requestedOperation(session.current()) === undefined) return;
    await announcement.flush();
    if (session.current().status?.lastOperation?.state === 'Processing') {
      await session.finish((current) => answer(object, current));
    }
  }

  async function unlessSuperseded<R>(run: Run<T>, wait: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const newer = new AbortController();
    const check = () => {
      const current = objects.newest(keyOf(run.object.metadata));
      if (isSuperseded(run.object, current)) newer.abort(new Superseded());
    };
    const end = options.changes.onChange(run.object.metadata.namespace ?? '', check);
    try {
      check();
      return await wait(AbortSignal.any([run.signal, newer.signal]));
    } finally {
      end();
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

/** Takes a request away, unless there is another by now. */
function answer(asked: ExtensionObject, current: ExtensionObject): MetadataChange {
  const answered = requestedOperation(asked) && isSameRequest(asked, current) ? [operationAnnotation] : [];
  return { removeAnnotations: answered, ifUnchanged: requestAnnotations };
}

/** The newest status under the metadata of the start: a change of the spec during the run has not been observed. */
function asStarted<T extends ExtensionObject>(run: Run<T>): T {
  return { ...run.session.current(), metadata: run.object.metadata };
}
