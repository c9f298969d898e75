import type { Clock } from './clock.ts';

/** A signal that is aborted by a parent or after some time. `end` must be called: it frees timer and listener. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Milliseconds left; not negative. */
  left(): number;
  /** Counts `ms` from now on instead. */
  renew(ms: number): void;
  end(): void;
}

export function startDeadline(clock: Clock, ms: number, reason: () => Error, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const expire = () => controller.abort(reason());
  const follow = () => controller.abort(parent?.reason);
  let until = clock.monotonic() + ms;
  let timer = clock.schedule(ms, expire);
  if (parent?.aborted) follow();
  parent?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    left: () => Math.max(0, until - clock.monotonic()),
    renew(next) {
      timer.cancel();
      until = clock.monotonic() + next;
      timer = clock.schedule(next, expire);
    },
    end() {
      timer.cancel();
      parent?.removeEventListener('abort', follow);
    },
  };
}

/** The promise's outcome, or at once the signal's reason; the work behind the promise goes on unheard. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
