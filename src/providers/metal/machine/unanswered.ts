import type { Clock } from '../../../kube/clock.ts';

/** Longer than metal-api works at an allocation whose caller has gone. */
export const SETTLED_AFTER_MS = 30_000;

/** Orders whose answer never came: metal-api may still be at work on them, and only then is the machine found by its tags. */
export interface Unanswered {
  add(key: string): void;
  remove(key: string): void;
  /** Milliseconds until the order has taken effect or never will; 0 when there is none. */
  remainingMs(key: string): number;
}

export function createUnanswered(clock: Clock): Unanswered {
  /** In the order of time. */
  const since = new Map<string, number>();
  const sweep = () => {
    for (const [key, at] of since) {
      if (clock.monotonic() - at < SETTLED_AFTER_MS) return;
      since.delete(key);
    }
  };
  return {
    add(key) {
      sweep();
      since.delete(key);
      since.set(key, clock.monotonic());
    },
    remove: (key) => void since.delete(key),
    remainingMs(key) {
      sweep();
      const at = since.get(key);
      return at === undefined ? 0 : at + SETTLED_AFTER_MS - clock.monotonic();
    },
  };
}
