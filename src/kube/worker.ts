import { randomUUID } from 'node:crypto';
import type { ControllerOptions, Outcome, ReconcileResult } from './controller.ts';
import { toError } from './errors.ts';
import type { Logger } from './logger.ts';
import { parseKey } from './object.ts';
import type { WorkQueue } from './queue.ts';
import { type Limit, limited } from './timeout.ts';

export interface Run {
  readonly options: ControllerOptions;
  readonly log: Logger;
  readonly queue: WorkQueue;
  /** Ends the work between two keys. */
  readonly stop: AbortSignal;
  /** Ends it within one. */
  readonly cut: AbortSignal;
}

/** One worker: takes key after key until stopped. */
export async function work(run: Run): Promise<void> {
  for (;;) {
    const key = await run.queue.get(run.stop);
    if (key === undefined) return;
    try {
      await reconcileOnce(run, key);
    } finally {
      run.queue.done(key);
    }
  }
}

async function reconcileOnce({ options, log, queue, cut }: Run, key: string): Promise<void> {
  const { clock, metrics, deadlineMs } = options;
  const began = clock.monotonic();
  const object = parseKey(key);
  const runLog = log.child({ object, ...object, reconcileID: randomUUID() });
  const what = `reconcile of ${options.name} ${key}`;
  const limit = limited(clock, deadlineMs, what, cut);
  metrics?.began();
  let outcome: Outcome = 'error';
  try {
    const result = await options.reconcile(key, limit.signal, runLog);
    outcome = succeed(queue, key, result);
    runLog.debug({ durationMs: Math.round(clock.monotonic() - began), ...result }, 'Reconciled');
  } catch (error) {
    outcome = fail(queue, key, error, { log: runLog, limit, cut });
  } finally {
    limit.release();
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
  { log, limit, cut }: { log: Logger; limit: Limit; cut: AbortSignal },
): Outcome {
  const error = limit.explain(toError(thrown));
  if (cut.aborted) {
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
