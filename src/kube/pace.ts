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
 * A usual end is followed at once, unless the round before it was as short and ended so as well; all else from 1 s,
 * doubled up to 30 s, each between half and the whole of it. A healthy round begins anew. So a server that is back after
 * an outage, and says that the version has expired meanwhile, is listed at once.
 */
export function createPace(random: () => number): Pace {
  const backoff = createBackoff(random, { baseMs: 1_000, capMs: 30_000, jitter: 0.5 });
  let endedAsUsual = false;
  return {
    after(lastedMs, usual) {
      if (lastedMs >= healthyAfterMs) {
        backoff.forget(only);
        endedAsUsual = false;
      }
      const atOnce = usual && !endedAsUsual;
      endedAsUsual = usual;
      return atOnce ? 0 : backoff.next(only);
    },
  };
}
