import { randomUUID } from 'node:crypto';
import type { ControllerOptions, Outcome, ReconcileResult } from './controller.ts';
import { toError } from './errors.ts';
import type { Logger } from './logger.ts';
import { parseKey } from './object.ts';
import type { WorkQueue } from './queue.ts';
import { takeSeat } from './seat.ts';
import type { Slots } from './slots.ts';
import { type Limit, limited } from './timeout.ts';

export interface Run {
  readonly options: ControllerOptions;
  readonly log: Logger;
  readonly queue: WorkQueue;
  readonly slots: Slots;
  /** Ends the work between two keys. */
  readonly stop: AbortSignal;
  /** Ends it within one. */
  readonly cut: AbortSignal;
}

/** Takes key after key until stopped, and starts a run for each as soon as there is a slot. */
export async function work(run: Run): Promise<void> {
  const { queue, slots, stop } = run;
  for (;;) {
    // Nothing is held while the queue is empty: a run that has paused may come back meanwhile.
    await slots.take();
    slots.giveBack();
    const key = await queue.get(stop);
    if (key === undefined) return;
    await slots.take();
    // A run that had come back from its pause may have kept the slot until the stop.
    if (stop.aborted) return queue.done(key);
    void reconcileOnce(run, key).finally(() => queue.done(key));
  }
}

async function reconcileOnce({ options, log, queue, slots, stop, cut }: Run, key: string): Promise<void> {
  const { clock, metrics, deadlineMs } = options;
  const began = clock.monotonic();
  const object = parseKey(key);
  const runLog = log.child({ object, ...object, reconcileID: randomUUID() });
  const what = `reconcile of ${options.name} ${key}`;
  const paused = new AbortController();
  const stopped = AbortSignal.any([cut, paused.signal]);
  const limit = limited(clock, deadlineMs, what, stopped);
  const seat = takeSeat({ slots, stop, signal: limit.signal, abort: (reason) => paused.abort(reason) });
  metrics?.began();
  let outcome: Outcome = 'error';
  try {
    const result = await options.reconcile(key, limit.signal, runLog, seat.pause);
    outcome = succeed(queue, key, result);
    runLog.debug({ durationMs: Math.round(clock.monotonic() - began), ...result }, 'Reconciled');
  } catch (error) {
    outcome = fail(queue, key, error, { log: runLog, limit, stopped });
  } finally {
    limit.release();
    seat.leave();
    metrics?.ended(outcome, (clock.monotonic() - began) / 1000);
  }
}

function succeed(queue: WorkQueue, key: string, result: ReconcileResult | undefined): Outcome {
  queue.forget(key);
  if (result?.requeueAfterMs === undefined) return 'success';
  queue.addAfter(key, result.requeueAfterMs);
  return 'requeue_after';
}

function fail(
  queue: WorkQueue,
  key: string,
  thrown: unknown,
  { log, limit, stopped }: { log: Logger; limit: Limit; stopped: AbortSignal },
): Outcome {
  const error = limit.explain(toError(thrown));
  if (stopped.aborted) {
    log.info({ error }, 'Reconcile was cut short by the stop');
    return 'requeue';
  }
  const retryAfterMs = retryAfterOf(thrown);
  if (retryAfterMs === undefined) {
    queue.addRateLimited(key);
    log.error({ error }, 'Reconcile failed');
    return 'error';
  }
  queue.forget(key);
  queue.addAfter(key, retryAfterMs);
  log.warn({ error, retryAfterMs }, 'Reconcile is to be tried again later');
  return 'requeue_after';
}

/** Duck-typed: whoever throws knows best when it is worth trying again. */
function retryAfterOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('retryAfterMs' in error)) return undefined;
  return typeof error.retryAfterMs === 'number' && error.retryAfterMs >= 0 ? error.retryAfterMs : undefined;
}
