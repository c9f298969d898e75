import { performance } from 'node:perf_hooks';

export interface Timer {
  /** Idempotent. */
  cancel(): void;
}

/** Where time comes from. Injected, so that queues, back-offs and leases are tested without waiting. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch: only for what is written into objects. */
  now(): number;
  /** Milliseconds that never go backwards: for deadlines, leases and durations. */
  monotonic(): number;
  /** Runs `callback` once after `ms` milliseconds. The timer does not keep the process alive. */
  schedule(ms: number, callback: () => void): Timer;
}

/** Of node's timers: what is longer, like a timeout of 1000h that a user sets, would be over at once. */
const longestTimeoutMs = 2 ** 31 - 1;

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(ms: number, callback: () => void): Timer {
    let handle: NodeJS.Timeout;
    const arm = (left: number) => {
      const rest = left - longestTimeoutMs;
      handle = rest > 0 ? setTimeout(arm, longestTimeoutMs, rest) : setTimeout(callback, left);
      handle.unref();
    };
    arm(ms);
    return { cancel: () => clearTimeout(handle) };
  },
});

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.schedule(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
