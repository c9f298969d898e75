import type { Clock } from '../../kube/clock.ts';

/** A write that is made only if the work around it takes long. */
export interface LateWrite {
  /** Calls it off, or waits for it if it is under way. Afterwards nothing of it happens any more. */
  settle(): Promise<void>;
}

/** `write` must not reject. */
export function writeLater(clock: Clock, ms: number, write: () => Promise<void>): LateWrite {
  let running: Promise<void> | undefined;
  const timer = clock.schedule(ms, () => {
    running = write();
  });
  return {
    async settle() {
      timer.cancel();
      await running;
    },
  };
}
