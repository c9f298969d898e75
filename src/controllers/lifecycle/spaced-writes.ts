import type { Clock, Timer } from '../../kube/clock.ts';

/** Writes of a state of which only the newest matters. */
export interface SpacedWrites<T> {
  put(value: T): void;
  /** Writes at once what waits. */
  flush(): Promise<void>;
  /** Drops what waits, and waits for a write that is under way. Afterwards nothing of it happens any more. */
  settle(): Promise<void>;
}

/** The first write comes `firstMs` after the beginning, the next ones `betweenMs` after the one before; `write` must not reject. */
export function spacedWrites<T>(
  clock: Clock,
  { firstMs, betweenMs }: { readonly firstMs: number; readonly betweenMs: number },
  write: (value: T) => Promise<void>,
): SpacedWrites<T> {
  let earliest = clock.monotonic() + firstMs;
  let waiting: { value: T; readonly timer: Timer } | undefined;
  let running = Promise.resolve();
  let settled = false;

  const due = () => {
    const value = waiting?.value as T;
    waiting = undefined;
    earliest = clock.monotonic() + betweenMs;
    running = running.then(() => write(value));
  };
  return {
    put(value) {
      if (settled) return;
      if (waiting) waiting.value = value;
      else waiting = { value, timer: clock.schedule(Math.max(0, earliest - clock.monotonic()), due) };
    },
    flush() {
      waiting?.timer.cancel();
      if (waiting) due();
      return running;
    },
    settle() {
      settled = true;
      waiting?.timer.cancel();
      return running;
    },
  };
}
