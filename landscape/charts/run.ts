import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeClient } from '../../src/kube/client.ts';
import { toError } from '../../src/kube/errors.ts';
import { ensureNamespace } from '../garden/content.ts';
import { logFileOf } from '../pods/log-file.ts';
import { type PodsOptions, runPods } from '../pods/run.ts';
import { inStep, type Progress } from '../progress.ts';
import { createHelm, type Helm } from './helm.ts';
import { bundle } from './programs.ts';
import { installRelease, type Release, untilReady } from './release.ts';

export interface ChartsOptions extends Omit<PodsOptions, 'signal' | 'serves' | 'onEnd'> {
  /** Path of the program. */
  readonly helm: string;
  /** Admin of the cluster. */
  readonly client: KubeClient;
  readonly progress: Progress;
}

export interface RunningCharts {
  readonly helm: Helm;
  /**
   * Installs it, with its namespace, and resolves when its pods are ready.
   * @throws with what helm said, or with the log to read
   */
  install(release: Release, signal: AbortSignal): Promise<void>;
  /** Ends the pods. */
  stop(): Promise<void>;
}

/** Where the output of its pods is. */
export const releaseLog = (dir: string, { namespace, name }: Pick<Release, 'namespace' | 'name'>): string =>
  logFileOf(dir, { namespace, name, container: name });

/** Installs charts with helm, and runs their Deployments as processes, each with no more rights than its ServiceAccount. */
export function runCharts(options: ChartsOptions): RunningCharts {
  const { helm: binary, client, progress, ...forPods } = options;
  const { dir, kubeconfig } = options;
  const helm = createHelm(binary, join(dir, 'charts'), kubeconfig);
  const served = new Set<string>();
  const stop = new AbortController();
  const pods = runPods({
    ...forPods,
    signal: stop.signal,
    serves: (namespace) => served.has(namespace),
    onEnd: (name, error) => progress.note(`${name} is started again: ${error.message.split('\n')[0]}`),
  });
  const install = async (release: Release, signal: AbortSignal): Promise<void> => {
    await access(bundle).catch(() => {
      throw new Error(`${bundle} is not built; run: make build`);
    });
    const { name } = release;
    served.add(release.namespace);
    await inStep(progress, `chart ${name}`, async () => {
      await ensureNamespace(client, release.namespace, signal);
      await installRelease(helm, release);
    });
    await inStep(progress, name, () => untilReady(client, release, signal)).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new Error(`${toError(error).message}; its log is ${releaseLog(dir, release)}`);
    });
  };
  return {
    helm,
    install,
    async stop() {
      stop.abort(new Error('the charts are no longer run'));
      await pods;
    },
  };
}
