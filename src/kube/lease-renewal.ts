import type { Clock } from './clock.ts';
import { toError } from './errors.ts';
import type { LeaseLock } from './lease-lock.ts';
import type { Logger } from './logger.ts';

/** Leadership has gone, or may have: the process has to end at once, whatever it is doing. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}

export interface Renewal {
  readonly lock: LeaseLock;
  readonly clock: Clock;
  readonly log: Logger;
  /** The lease's `namespace/name`. */
  readonly what: string;
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
  /** One pause between two tries. */
  pause(atMostMs: number, signal: AbortSignal): Promise<void>;
}

/** Rejects at the loss; never resolves. Ends quietly when the signal is aborted. */
export function renewUntilLost(renewal: Renewal, since: number, signal: AbortSignal): Promise<never> {
  const { clock, renewDeadlineMs } = renewal;
  return new Promise((_, reject) => {
    let lastError: unknown;
    const arm = (from: number) =>
      clock.schedule(Math.max(0, from + renewDeadlineMs - clock.monotonic()), () => {
        lose(`not renewed for ${renewDeadlineMs / 1000} s`);
      });
    let watchdog = arm(since);
    const lose = (why: string) => {
      const message = `leadership of ${renewal.what} lost: ${why}`;
      reject(new LeadershipLostError(message, { cause: lastError }));
    };
    signal.addEventListener('abort', () => watchdog.cancel(), { once: true });
    const onAttempt = {
      renewed(from: number) {
        lastError = undefined;
        watchdog.cancel();
        if (!signal.aborted) watchdog = arm(from);
      },
      taken: (holder: string) => lose(holder ? `held by ${holder}` : 'given up by another'),
      failed: (error: unknown) => {
        lastError = error;
      },
    };
    renewLoop(renewal, signal, onAttempt).catch(reject);
  });
}

interface OnAttempt {
  renewed(since: number): void;
  taken(holder: string): void;
  failed(error: unknown): void;
}

/** After a failure the next try comes sooner: the deadline is near, and there is only one leader to do so. */
async function renewLoop({ lock, log, pause, renewDeadlineMs, retryMs }: Renewal, signal: AbortSignal, on: OnAttempt) {
  const call = { signal, timeoutMs: renewDeadlineMs / 2 };
  let wait = Infinity;
  for (;;) {
    await pause(wait, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const attempt = await lock.renew(call);
      if (!attempt.held) return on.taken(attempt.holder);
      on.renewed(attempt.since);
      wait = Infinity;
    } catch (error) {
      if (signal.aborted) return;
      on.failed(error);
      log.warn({ error: toError(error) }, 'Lease could not be renewed');
      wait = retryMs / 4;
    }
  }
}
