import { createBackoff } from './backoff.ts';

/** A watch that lasted so long proves that the server is well. */
const healthyAfterMs = 10_000;
const only = 'watch';

/** How long a reflector waits before it lists or watches again. */
export interface Pace {
  /** Milliseconds to wait after a round that lasted `lastedMs`. `usual`: the watch ended, fell silent, or its version expired. */
  after(lastedMs: number, usual: boolean): number;
}

/**
 * A usual end is followed at once, unless the rounds before it were short as well; all else from 1 s, doubled up to
 * 30 s, each between half and the whole of it. A healthy round begins anew.
 */
export function createPace(random: () => number): Pace {
  const backoff = createBackoff(random, { baseMs: 1_000, capMs: 30_000, jitter: 0.5 });
  let isFirst = true;
  return {
    after(lastedMs, usual) {
      if (lastedMs >= healthyAfterMs) {
        backoff.forget(only);
        isFirst = true;
      }
      const atOnce = usual && isFirst;
      isFirst = false;
      return atOnce ? 0 : backoff.next(only);
    },
  };
}
