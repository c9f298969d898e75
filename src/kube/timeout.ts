import type { Clock } from './clock.ts';

/** The reason of a signal that was aborted because the time was up. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly timeoutMs: number;

  constructor(what: string, timeoutMs: number, options?: ErrorOptions) {
    super(`${what} took longer than ${timeoutMs / 1000} s`, options);
    this.timeoutMs = timeoutMs;
  }
}

export interface Limit {
  readonly signal: AbortSignal;
  /** The timeout in place of the bare AbortError that it brought about; any other error as it is. */
  explain(error: Error): Error;
  /** To be called at the end, else the timer and the listener on the outer signal stay. */
  release(): void;
}

/** A signal that is aborted with a TimeoutError after `ms`, or with the outer signal and its reason. */
export function limited(clock: Clock, ms: number, what: string, outer?: AbortSignal): Limit {
  const controller = new AbortController();
  const timeout = new TimeoutError(what, ms);
  const timer = clock.schedule(ms, () => controller.abort(timeout));
  const onAbort = () => controller.abort(outer?.reason);
  if (outer?.aborted) onAbort();
  else outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    explain(error) {
      const isBare = controller.signal.reason === timeout && error.name === 'AbortError';
      return isBare ? new TimeoutError(what, ms, { cause: error }) : error;
    },
    release() {
      timer.cancel();
      outer?.removeEventListener('abort', onAbort);
    },
  };
}
