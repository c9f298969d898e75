import { type Clock, sleep } from './clock.ts';

/** A token bucket: `burst` calls at once, then `qps` in a second, first come first served. */
export interface RateLimit {
  /** Resolves when the call may start; rejects with the signal's reason. */
  take(signal?: AbortSignal): Promise<void>;
}

export function createRateLimit(clock: Clock, qps: number, burst: number): RateLimit {
  if (!(qps > 0) || !(burst >= 1)) throw new RangeError('qps must be positive and burst at least 1');
  let tokens = burst;
  let at = clock.monotonic();
  return {
    async take(signal) {
      const now = clock.monotonic();
      tokens = Math.min(burst, tokens + ((now - at) * qps) / 1000);
      at = now;
      // A negative balance is the queue: who comes later waits longer.
      tokens -= 1;
      if (tokens < 0) await sleep(clock, (-tokens * 1000) / qps, signal);
    },
  };
}
