import type { Clock } from '../../kube/clock.ts';

/**
 * Machines may still come of what a process before this one has ordered for a Machine: it was killed before the answer,
 * and nobody knows of it. Until they are there, or cannot come any more, nothing may be ordered in their place.
 */
export interface Inherited {
  /** To be called when this process begins to lead. */
  begin(): void;
  /** Nothing was ordered for this Machine before. */
  isNew(key: string): void;
  /** Milliseconds for which a machine may still come; 0 when none can. */
  leftMs(key: string): number;
  forget(key: string): void;
}

/** `settleMs`: see MachineDriver. */
export function createInherited(clock: Clock, settleMs: number): Inherited {
  const own = new Set<string>();
  let until = 0;
  return {
    begin: () => {
      until = clock.monotonic() + settleMs;
    },
    isNew: (key) => void own.add(key),
    leftMs: (key) => (own.has(key) ? 0 : Math.max(0, until - clock.monotonic())),
    forget: (key) => void own.delete(key),
  };
}
