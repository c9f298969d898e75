import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import { sleep, systemClock } from '../../src/kube/clock.ts';
import { freePort } from '../processes/ports.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** Where the extension lives in the seed: its leases are here. */
export const extensionNamespace = 'extension-provider-metal';

const configuration = {
  apiVersion: 'metal.provider.extensions.config.gardener.cloud/v1alpha1',
  kind: 'ControllerConfiguration',
  machineImages: [
    { name: 'ubuntu', version: '24.4.20260114', image: 'ubuntu-24.4.20260114' },
    { name: 'debian', version: '12.0.20260120', image: 'debian-12.0.20260120' },
  ],
};

export interface ControllersOptions {
  readonly dir: string;
  readonly kubeconfig: string;
  /** Ends the start and the restarts. */
  readonly signal: AbortSignal;
  readonly onRestart: (reason: string) => void;
}

export interface Controllers {
  readonly logFile: string;
  /** Process id of the one that runs now. */
  readonly pid: () => number;
  stop(): Promise<void>;
}

async function startOnce({ dir, kubeconfig, signal }: ControllersOptions): Promise<RunningProcess> {
  const [metrics, health] = [await freePort(), await freePort()];
  return startProcess({
    name: 'espalier controllers',
    command: process.execPath,
    args: [
      bundle,
      'controllers',
      `--kubeconfig=${kubeconfig}`,
      `--config-file=${join(dir, 'controllers.yaml')}`,
      `--leader-election-namespace=${extensionNamespace}`,
      `--heartbeat-namespace=${extensionNamespace}`,
      `--metrics-bind-address=127.0.0.1:${metrics}`,
      `--health-bind-address=127.0.0.1:${health}`,
    ],
    logFile: join(dir, 'logs', 'controllers.log'),
    ready: async (attempt) => (await fetch(`http://127.0.0.1:${health}/readyz`, { signal: attempt })).ok,
    signal,
  });
}

/**
 * Runs `espalier controllers` through its entry point, and again whenever it ends unasked. The first start must succeed.
 * @throws when the bundle is not built, or with the end of the log when it does not become ready
 */
export async function startControllers(options: ControllersOptions): Promise<Controllers> {
  await access(bundle).catch(() => {
    throw new Error(`${bundle} is not built; run: make build`);
  });
  await writeFile(join(options.dir, 'controllers.yaml'), dump(configuration));
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  let running = await startOnce({ ...options, signal });
  const { logFile } = running;

  const keepRunning = async (): Promise<void> => {
    while (!signal.aborted) {
      const reason = await ended(running, signal);
      if (signal.aborted) return;
      options.onRestart(firstLine(reason));
      running = (await startAgain({ ...options, signal })) ?? running;
    }
  };
  const kept = keepRunning();
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
async function startAgain(options: ControllersOptions): Promise<RunningProcess | undefined> {
  const { signal, onRestart } = options;
  for (let pause = 200; !signal.aborted; pause = Math.min(10_000, pause * 2)) {
    try {
      await sleep(systemClock, pause, signal);
      return await startOnce(options);
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
