import type { Clock } from './clock.ts';
import { toError } from './errors.ts';
import type { Informer, InformerEvent } from './lister.ts';
import type { Logger } from './logger.ts';
import type { KubeObject } from './object.ts';
import { createQueue, type QueueMetrics, type QueueOptions } from './queue.ts';
import type { Pause } from './seat.ts';
import { createSlots } from './slots.ts';
import { work } from './worker.ts';

export interface ReconcileResult {
  /** Run again after so many milliseconds, without growing the back-off. */
  readonly requeueAfterMs?: number | undefined;
}

/**
 * Brings one object closer to what is wanted. Never runs twice at once for one key. Throwing means: again, after the
 * key's back-off, or after the error's own `retryAfterMs` if it has one. The signal is aborted at the deadline of the
 * run, when the process gives up draining, and at once when it stops during a pause. `log` carries the object's name and
 * the run's reconcileID.
 */
export type Reconcile = (
  key: string,
  signal: AbortSignal,
  log: Logger,
  pause: Pause,
) => Promise<ReconcileResult | undefined>;

/** The keys that an event asks to reconcile; empty for an event that does not matter. */
export type MapEvent<T extends KubeObject> = (event: InformerEvent<T>) => readonly string[];

/** How a run ended; the label `result` of controller_runtime_reconcile_total. */
export type Outcome = 'success' | 'error' | 'requeue' | 'requeue_after';

/** What a controller reports; see metrics.ts. */
export interface ControllerMetrics {
  readonly queue: QueueMetrics;
  workers(count: number): void;
  began(): void;
  ended(outcome: Outcome, seconds: number): void;
}

export interface ControllerOptions {
  readonly name: string;
  readonly reconcile: Reconcile;
  /** How many objects are reconciled at once, those that pause not counted; 1 when absent. */
  readonly workers?: number | undefined;
  /** Longest time of one run, in milliseconds. */
  readonly deadlineMs: number;
  /** How long running reconciles may go on after the stop, in milliseconds; 10 s when absent. */
  readonly drainMs?: number | undefined;
  readonly queue?: QueueOptions | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: ControllerMetrics | undefined;
  /** In [0, 1). */
  readonly random?: (() => number) | undefined;
}

export interface Controller {
  readonly name: string;
  /** Reconciles what the events of the informer ask for. Events that come before `run` wait for it. */
  watch<T extends KubeObject>(informer: Informer<T>, mapEvent: MapEvent<T>): void;
  enqueue(key: string): void;
  /**
   * Waits for the watched informers, then works until the signal is aborted; resolves when the last run has ended, or
   * was aborted after `drainMs`. May be called once.
   */
  run(signal: AbortSignal): Promise<void>;
}

/** Time that an aborted reconcile has to come to an end before the stop no longer waits for it. */
const abortGraceMs = 1000;

export function createController(options: ControllerOptions): Controller {
  const { name, clock, metrics } = options;
  const log = options.log.child({ controller: name });
  const queue = createQueue({ ...options.queue, clock, random: options.random, metrics: metrics?.queue });
  const informers: Informer<KubeObject>[] = [];
  let started = false;

  return {
    name,
    watch(informer, mapEvent) {
      informers.push(informer as unknown as Informer<KubeObject>);
      informer.subscribe((event) => {
        for (const key of mapSafely(mapEvent, event, log)) queue.add(key);
      });
    },
    enqueue: (key) => queue.add(key),
    async run(signal) {
      if (started) throw new Error(`controller ${name} was started twice`);
      started = true;
      if (!(await synced(informers, signal))) return queue.shutDown();
      const workers = options.workers ?? 1;
      metrics?.workers(workers);
      log.info({ workers }, 'Controller started');
      const cut = new AbortController();
      void work({ options, log, queue, slots: createSlots(workers), stop: signal, cut: cut.signal });
      await aborted(signal);
      const drained = queue.shutDown();
      if (!(await within(clock, options.drainMs ?? 10_000, drained))) {
        log.warn({ running: queue.working().length }, 'Running reconciles are aborted');
        cut.abort(new Error(`controller ${name} is stopping`));
        await within(clock, abortGraceMs, drained);
      }
      log.info({}, 'Controller stopped');
    },
  };
}

function mapSafely<T extends KubeObject>(
  mapEvent: MapEvent<T>,
  event: InformerEvent<T>,
  log: Logger,
): readonly string[] {
  try {
    return mapEvent(event);
  } catch (error) {
    const { namespace, name } = event.object.metadata;
    log.error({ error: toError(error), event: event.type, namespace, name }, 'Event could not be mapped to objects');
    return [];
  }
}

/** False when the signal was aborted first. */
async function synced(informers: readonly Informer<KubeObject>[], signal: AbortSignal): Promise<boolean> {
  try {
    await Promise.all(informers.map((informer) => informer.waitForSync(signal)));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return !signal.aborted;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** False when the promise took longer than `ms`. */
function within(clock: Clock, ms: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    clock.schedule(ms, () => resolve(false));
    void promise.then(() => resolve(true));
  });
}
