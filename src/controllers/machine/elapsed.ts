import type { Clock } from '../../kube/clock.ts';

/**
 * How long ago something that an object tells of was, in milliseconds. Time that passes while this process looks on is
 * counted by the monotonic clock: a step of the wall clock must not time out a thousand machines at once.
 */
export interface Elapsed {
  /** `time`: an RFC 3339 time of the object `key`; `what` tells it from other times of the same object. */
  since(key: string, what: string, time: string | undefined): number;
  forget(key: string): void;
}

interface Mark {
  readonly time: string;
  readonly passed: number;
  readonly at: number;
}

export function createElapsed(clock: Clock): Elapsed {
  const objects = new Map<string, Map<string, Mark>>();
  return {
    since(key, what, time) {
      const began = Date.parse(time ?? '');
      if (!time || Number.isNaN(began)) return 0;
      const marks = objects.get(key) ?? new Map<string, Mark>();
      objects.set(key, marks);
      let mark = marks.get(what);
      if (mark?.time !== time) {
        mark = { time, passed: Math.max(0, clock.now() - began), at: clock.monotonic() };
        marks.set(what, mark);
      }
      return mark.passed + clock.monotonic() - mark.at;
    },
    forget: (key) => void objects.delete(key),
  };
}
