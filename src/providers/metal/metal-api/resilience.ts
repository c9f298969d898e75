import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  decorrelatedJitterGenerator,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
} from 'cockatiel';
import { MetalApiError } from './errors.ts';

export interface ResilienceOptions {
  /** Attempts after the first one. */
  readonly retries?: number | undefined;
  /** Scale of the back-off between attempts. */
  readonly retryDelayMs?: number | undefined;
  readonly retryMaxDelayMs?: number | undefined;
  /** Calls at the same time, and calls that wait for their turn. */
  readonly concurrency?: number | undefined;
  readonly queue?: number | undefined;
  /** After so many failures in a row metal-api is taken for down ... */
  readonly breakAfter?: number | undefined;
  /** ... and left alone for so long. */
  readonly breakMs?: number | undefined;
}

interface RunOptions {
  readonly mayRepeat: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** One attempt only. */
  readonly once?: boolean | undefined;
}

/** Guards one metal-api endpoint with one credential; shared by all reconciles that use the two. */
export interface Guard {
  run<T>(call: string, attempt: () => Promise<T>, options: RunOptions): Promise<T>;
  /** Calls that run or wait. */
  readonly busy: number;
}

/** The answer did not come, or came from a proxy: a 500 of metal-api itself says nothing about the next call. */
function saysDown(error: unknown): boolean {
  if (!(error instanceof MetalApiError)) return false;
  if (error.kind === 'timeout' || error.kind === 'outcome-unknown') return true;
  return error.kind === 'unavailable' && error.status !== 500;
}

export function createGuard(options: ResilienceOptions = {}): Guard {
  const breaker = circuitBreaker(handleWhen(saysDown), {
    breaker: new ConsecutiveBreaker(options.breakAfter ?? 10),
    halfOpenAfter: options.breakMs ?? 5_000,
  });
  const room = bulkhead(options.concurrency ?? 32, options.queue ?? 2_000);
  const backoff = new ExponentialBackoff({
    generator: decorrelatedJitterGenerator,
    initialDelay: options.retryDelayMs ?? 100,
    maxDelay: options.retryMaxDelayMs ?? 2_000,
  });
  let busy = 0;

  return {
    get busy() {
      return busy;
    },
    async run(call, attempt, run) {
      run.signal?.throwIfAborted();
      const policy = retry(handleWhen(run.mayRepeat), { maxAttempts: run.once ? 0 : (options.retries ?? 3), backoff });
      busy += 1;
      try {
        const guarded = policy.execute(() => {
          run.signal?.throwIfAborted();
          return room.execute(() => breaker.execute(attempt), run.signal);
        }, run.signal);
        return await unlessAborted(guarded, run.signal);
      } catch (error) {
        throw guardError(call, error, run.signal);
      } finally {
        busy -= 1;
      }
    },
  };
}

/** cockatiel looks at the signal only between its steps: a waiting caller shall not wait for the next one. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function guardError(call: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof BrokenCircuitError) {
    return new MetalApiError('unavailable', call, 'not called: the last calls found metal-api down', { cause: error });
  }
  if (error instanceof BulkheadRejectedError) {
    return new MetalApiError('unavailable', call, 'not called: too many calls are waiting already', { cause: error });
  }
  if (error instanceof TaskCancelledError && signal?.aborted) return signal.reason;
  return error;
}
