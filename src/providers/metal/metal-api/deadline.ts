import type { Clock } from '../../../kube/clock.ts';

/** The end of an attempt: the caller's signal, or the time that it may take. */
interface Deadline {
  readonly signal: AbortSignal;
  readonly expired: boolean;
  /** Takes timer and listener away. */
  stop(): void;
}

/**
 * Aborted with the caller's signal, or `ms` from now. Timers and listeners of AbortSignal.timeout
 * and AbortSignal.any would stay until the time is over or the caller's signal is gone; these go with `stop`.
 */
export function startDeadline(clock: Clock, ms: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let expired = false;
  const onAbort = () => controller.abort(caller?.reason);
  if (caller?.aborted) onAbort();
  caller?.addEventListener('abort', onAbort, { once: true });
  const timer = clock.schedule(ms, () => {
    expired = true;
    controller.abort(new Error(`no answer within ${ms} ms`));
  });
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    stop() {
      timer.cancel();
      caller?.removeEventListener('abort', onAbort);
    },
  };
}
