import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from './clock.ts';

/** A clock for tests: time moves only when told to. */
export interface FakeClock extends Clock {
  /** Moves time forward and runs what becomes due, in order of time; a timer set by a callback runs too if it is due. */
  advance(ms: number): void;
  /** Like advance, but lets promises settle before the first and after each timer. */
  run(ms: number): Promise<void>;
  /** Moves only the wall clock, as an NTP step does. */
  stepWall(ms: number): void;
  /** Timers that wait. */
  readonly pending: number;
}

/** `startMs`: wall-clock time at the beginning; the monotonic clock begins at 0. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 2, 3, 4, 5, 123)): FakeClock {
  const timers = new Set<{ at: number; callback: () => void }>();
  let elapsed = 0;
  let wallStep = 0;

  const fireNext = (until: number): boolean => {
    let next: { at: number; callback: () => void } | undefined;
    for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    if (!next) return false;
    timers.delete(next);
    elapsed = Math.max(elapsed, next.at);
    next.callback();
    return true;
  };

  return {
    now: () => startMs + elapsed + wallStep,
    monotonic: () => elapsed,
    schedule(ms: number, callback: () => void): Timer {
      const timer = { at: elapsed + Math.max(0, ms), callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance(ms: number): void {
      const until = elapsed + ms;
      while (fireNext(until));
      elapsed = until;
    },
    async run(ms: number): Promise<void> {
      const until = elapsed + ms;
      await nextTurn();
      while (fireNext(until)) await nextTurn();
      elapsed = until;
      await nextTurn();
    },
    stepWall(ms: number): void {
      wallStep += ms;
    },
    get pending(): number {
      return timers.size;
    },
  };
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32's mixing). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
