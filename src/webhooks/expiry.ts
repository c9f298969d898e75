import type { Clock } from '../kube/clock.ts';

/** The end of the time for one request. `cancel` must be called. */
export interface Expiry {
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  /** The promise's outcome, or a rejection with the signal's reason at the end. */
  before<T>(promise: Promise<T>): Promise<T>;
  cancel(): void;
}

/** Like kube's deadline, without listeners on the signal: those of thousands of requests make the heap grow. */
export function startExpiry(clock: Clock, ms: number, reason: () => Error): Expiry {
  const controller = new AbortController();
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => undefined);
  const timer = clock.schedule(ms, () => {
    const error = reason();
    controller.abort(error);
    end.reject(error);
  });
  return {
    signal: controller.signal,
    before: (promise) => Promise.race([promise, end.promise]),
    cancel: () => timer.cancel(),
  };
}
