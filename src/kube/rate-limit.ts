import type { Clock } from './clock.ts';

export interface BackoffOptions {
  /** Delay after the first failure, in milliseconds. */
  readonly baseMs?: number | undefined;
  /** No delay is longer. */
  readonly capMs?: number | undefined;
  /** Part of the delay, 0 to 1, that is random; it only shortens, so that the cap holds. */
  readonly jitter?: number | undefined;
}

export interface Backoff {
  /** Counts a failure of the key and returns its delay in milliseconds. */
  next(key: string): number;
  forget(key: string): void;
  failures(key: string): number;
}

/** Exponential back-off per key. Defaults are client-go's: 5 ms, doubled up to 1000 s. */
export function createBackoff(random: () => number, options: BackoffOptions = {}): Backoff {
  const { baseMs = 5, capMs = 1_000_000, jitter = 0.1 } = options;
  const failures = new Map<string, number>();
  return {
    next(key) {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      return Math.min(capMs, baseMs * 2 ** failed) * (1 - jitter * random());
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
  };
}

export interface BucketOptions {
  readonly perSecond?: number | undefined;
  readonly burst?: number | undefined;
}

export interface TokenBucket {
  /** Takes a token, if need be one of the future; returns how many milliseconds until it is there. */
  reserve(): number;
  /** Takes a token if there is one now. */
  take(): boolean;
  /** True when nothing is owed: forgetting the bucket changes nothing. */
  readonly full: boolean;
}

/** Defaults are controller-runtime's for retries: 10 per second, 100 at once. */
export function createTokenBucket(clock: Clock, options: BucketOptions = {}): TokenBucket {
  const { perSecond = 10, burst = 100 } = options;
  let tokens = burst;
  let filledAt = clock.monotonic();
  const fill = (): void => {
    const now = clock.monotonic();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
  };
  return {
    reserve() {
      fill();
      tokens -= 1;
      return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
    },
    take() {
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    get full() {
      fill();
      return tokens >= burst;
    },
  };
}
