import type { Clock, Timer } from '../../src/kube/clock.ts';
import { toError } from '../../src/kube/errors.ts';

/** Reason of a run's signal when a newer request makes what it does pointless. */
class Superseded extends Error {
  override readonly name = 'Superseded';
  constructor() {
    super('something newer is wanted');
  }
}

export interface KeyedOptions {
  readonly run: (key: string, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Wait after the first failure; doubled with each further one, up to `maxMs`. */
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  readonly onError: (key: string, error: Error) => void;
}

interface Work {
  /** Present while a run is under way. */
  running?: AbortController | undefined;
  again: boolean;
  failures: number;
  timer?: Timer | undefined;
}

export interface Keyed {
  /** Runs the key now, or once more after the run that is under way, which `supersede` ends early. */
  trigger(key: string, options?: { readonly supersede?: boolean }): void;
  /** Resolves when no run is under way any more; to be awaited after the signal was aborted. */
  drained(): Promise<void>;
}

/** Runs many keys at once, but one key never twice at once; what fails is tried again after a back-off. */
export function createKeyed({ run, clock, signal, backoff, onError }: KeyedOptions): Keyed {
  const work = new Map<string, Work>();
  const runs = new Set<Promise<void>>();

  const start = (key: string, item: Work): void => {
    if (signal.aborted) return;
    item.timer?.cancel();
    item.timer = undefined;
    const controller = new AbortController();
    item.running = controller;
    item.again = false;
    const finished = attempt(key, item, controller).finally(() => runs.delete(finished));
    runs.add(finished);
  };
  const attempt = async (key: string, item: Work, controller: AbortController): Promise<void> => {
    try {
      await run(key, AbortSignal.any([signal, controller.signal]));
      item.failures = 0;
    } catch (error) {
      if (!signal.aborted && !controller.signal.aborted) {
        item.failures += 1;
        onError(key, toError(error));
      }
    }
    item.running = undefined;
    if (item.again) return start(key, item);
    if (item.failures === 0) work.delete(key);
    else retryLater(key, item);
  };
  const retryLater = (key: string, item: Work): void => {
    const wait = Math.min(backoff.maxMs, backoff.baseMs * 2 ** (item.failures - 1));
    item.timer = clock.schedule(wait, () => start(key, item));
  };

  return {
    trigger(key, { supersede = false } = {}) {
      const item = work.get(key) ?? { again: false, failures: 0 };
      work.set(key, item);
      if (!item.running) return start(key, item);
      item.again = true;
      if (supersede) item.running.abort(new Superseded());
    },
    async drained() {
      while (runs.size > 0) await Promise.all(runs);
    },
  };
}
