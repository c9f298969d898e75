import type { Clock } from '../../src/kube/clock.ts';

/** Wakes those who wait for a change of an object, so that waiting costs no polls while nothing happens. */
export interface Bell {
  ring(key: string): void;
  /** How often the key rang so far; taken before the object is read, so that no change is missed. */
  count(key: string): number;
  /** Resolves when the key has rung since `count`, or after `ms`; rejects with the signal's reason. */
  wait(key: string, count: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  const counts = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  const count = (key: string): number => counts.get(key) ?? 0;
  return {
    count,
    ring(key) {
      counts.set(key, count(key) + 1);
      for (const wake of [...(waiting.get(key) ?? [])]) wake();
    },
    wait(key, since, ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (count(key) !== since) return resolve();
        const sleepers = waiting.get(key) ?? new Set();
        waiting.set(key, sleepers);
        const end = (settle: () => void): void => {
          timer.cancel();
          signal.removeEventListener('abort', onAbort);
          sleepers.delete(wake);
          if (sleepers.size === 0 && waiting.get(key) === sleepers) waiting.delete(key);
          settle();
        };
        const wake = (): void => end(resolve);
        const onAbort = (): void => end(() => reject(signal.reason));
        const timer = clock.schedule(ms, wake);
        sleepers.add(wake);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
