import type { Slots } from './slots.ts';

/**
 * Waits for something outside while other keys are worked on. Resolves or rejects as `wait` does, once a slot is free
 * again; one at a time within a run. When the process stops, the run's signal is aborted at once.
 */
export type Pause = <R>(wait: () => Promise<R>) => Promise<R>;

/** The slot that a run holds, or does not hold while it pauses. */
export interface Seat {
  readonly pause: Pause;
  /** Gives the slot back if the run has it. */
  leave(): void;
}

export interface SeatOptions {
  readonly slots: Slots;
  /** Of the run. */
  readonly signal: AbortSignal;
  /** The process stops. */
  readonly stop: AbortSignal;
  /** Aborts the run. */
  readonly abort: (reason: unknown) => void;
}

/** For a run that has just been given a slot. */
export function takeSeat({ slots, signal, stop, abort }: SeatOptions): Seat {
  let seated = true;
  const leave = () => {
    if (seated) slots.giveBack();
    seated = false;
  };
  const onStop = () => abort(stop.reason);
  return {
    leave,
    async pause(wait) {
      if (stop.aborted) onStop();
      signal.throwIfAborted();
      stop.addEventListener('abort', onStop, { once: true });
      leave();
      try {
        return await wait();
      } finally {
        stop.removeEventListener('abort', onStop);
        await slots.take(signal);
        seated = true;
      }
    },
  };
}
