import { toError } from '../../src/kube/errors.ts';
import type { RunningProcess } from './process.ts';

/** Processes that belong together: when one ends unasked, the others' start ends too, and the owner is told. */
export interface Supervisor {
  /** For starts. Aborted by the caller's signal, by a process that ended unasked (ProcessError) and by `stop`. */
  readonly signal: AbortSignal;
  /** Aborted with a ProcessError only by a process that ended unasked. */
  readonly failure: AbortSignal;
  /** Aborted when `stop` has stopped them all: for what they need and is no process. */
  readonly stopped: AbortSignal;
  /** Takes over a started process. `stage`: higher stages are stopped before lower ones. */
  add(process: RunningProcess, stage: number): RunningProcess;
  /** Forgets a process that the owner stops himself. */
  remove(process: RunningProcess): void;
  /** Runs starts beside each other; the first that fails ends the others, and all have ended when it rejects. */
  all<T extends readonly unknown[]>(starts: { [K in keyof T]: Promise<T[K]> }): Promise<T>;
  /** Idempotent. A start that runs is aborted. */
  stop(): Promise<void>;
}

export function createSupervisor(outer?: AbortSignal): Supervisor {
  const running = new Map<RunningProcess, number>();
  const failure = new AbortController();
  const failed = new AbortController();
  const stopped = new AbortController();
  const signal = AbortSignal.any([failure.signal, failed.signal, ...(outer ? [outer] : [])]);
  return {
    signal,
    failure: failure.signal,
    stopped: stopped.signal,
    add(process, stage) {
      running.set(process, stage);
      const report = () => {
        if (running.has(process)) failure.abort(process.failure.reason);
      };
      if (process.failure.aborted) report();
      else process.failure.addEventListener('abort', report, { once: true });
      return process;
    },
    remove: (process) => void running.delete(process),
    async all(starts) {
      try {
        return await Promise.all(starts);
      } catch (error) {
        // When a process died, that is the reason, whatever else its death made fail first.
        const reason = signal.aborted ? signal.reason : error;
        failed.abort(toError(reason));
        await Promise.allSettled(starts);
        throw reason;
      }
    },
    async stop() {
      failed.abort(new Error('the processes are being stopped'));
      const stages = [...new Set(running.values())].sort((a, b) => b - a);
      for (const stage of stages) {
        const members = [...running].filter(([, own]) => own === stage).map(([process]) => process);
        for (const process of members) running.delete(process);
        await Promise.all(members.map((process) => process.stop()));
      }
      stopped.abort();
    },
  };
}
