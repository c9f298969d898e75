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
