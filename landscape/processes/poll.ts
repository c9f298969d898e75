import { type Clock, sleep, systemClock } from '../../src/kube/clock.ts';
import { toError } from '../../src/kube/errors.ts';

export interface PollOptions {
  /** What is waited for, for the message of the timeout. */
  readonly what: string;
  readonly intervalMs?: number;
  readonly timeoutMs: number;
  /** Deadline of one attempt. */
  readonly attemptMs?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** An exception's message, with the cause that fetch hides behind "fetch failed". */
function reason(error: unknown): string {
  const { message, cause } = toError(error);
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

/**
 * Asks until `probe` answers with something other than undefined and false. A probe that throws is not ready yet;
 * its last error is part of the timeout's message. Rejects with the signal's reason at once when that is aborted.
 */
export async function poll<T>(
  probe: (signal: AbortSignal) => Promise<T | undefined | false>,
  options: PollOptions,
): Promise<T> {
  const { what, intervalMs = 50, timeoutMs, attemptMs = 5_000, clock = systemClock } = options;
  const signal = options.signal ?? new AbortController().signal;
  const end = clock.monotonic() + timeoutMs;
  let last = '';
  do {
    signal.throwIfAborted();
    try {
      const answer = await probe(AbortSignal.any([AbortSignal.timeout(attemptMs), signal]));
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = ` (last: ${reason(error)})`;
    }
    await sleep(clock, intervalMs, signal);
  } while (clock.monotonic() < end);
  throw new Error(`${what} not ready after ${timeoutMs / 1000} s${last}`);
}
