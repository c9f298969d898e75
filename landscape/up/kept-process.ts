import { sleep, systemClock } from '../../src/kube/clock.ts';
import type { RunningProcess } from '../processes/process.ts';

export interface KeptOptions {
  /** Starts it once; resolves when it is ready. */
  readonly start: (signal: AbortSignal) => Promise<RunningProcess>;
  /** Ends the start and the restarts. */
  readonly signal: AbortSignal;
  readonly onRestart: (reason: string) => void;
}

/** A process that is started again whenever it ends unasked. */
export interface KeptProcess {
  readonly logFile: string;
  /** Process id of the one that runs now. */
  readonly pid: () => number;
  stop(): Promise<void>;
}

/** The first start must succeed. */
export async function keepRunning(options: KeptOptions): Promise<KeptProcess> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  let running = await options.start(signal);
  const { logFile } = running;

  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      const reason = await ended(running, signal);
      if (signal.aborted) return;
      options.onRestart(firstLine(reason));
      running = (await startAgain({ ...options, signal })) ?? running;
    }
  };
  const kept = keep();
  return {
    logFile,
    pid: () => running.pid,
    async stop() {
      stopped.abort(new Error('stopped'));
      await kept;
      await running.stop();
    },
  };
}

/** Tries until it runs, with growing pauses; undefined when the signal is aborted. */
async function startAgain({ start, signal, onRestart }: KeptOptions): Promise<RunningProcess | undefined> {
  for (let pause = 200; !signal.aborted; pause = Math.min(10_000, pause * 2)) {
    try {
      await sleep(systemClock, pause, signal);
      return await start(signal);
    } catch (error) {
      if (!signal.aborted) onRestart(firstLine(error));
    }
  }
  return undefined;
}

/** Resolves with why the process ended; at once when it has ended already, or when the signal is aborted. */
function ended({ failure }: RunningProcess, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    const either = AbortSignal.any([failure, signal]);
    if (either.aborted) return resolve(either.reason);
    either.addEventListener('abort', () => resolve(either.reason), { once: true });
  });
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
