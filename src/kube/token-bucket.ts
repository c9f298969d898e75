import type { Clock } from './clock.ts';

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
