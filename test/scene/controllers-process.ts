import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFreePort } from '../../landscape/processes/ports.ts';
import { type RunningProcess, startProcess } from '../../landscape/processes/process.ts';
import { readUsage, type Usage } from './usage.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** `espalier controllers` as an operator runs it: the bundle, in a process of its own. */
export interface ControllersProcess extends RunningProcess {
  /** Text of /metrics. */
  metrics(): Promise<string>;
  usage(): Promise<Usage>;
}

export interface ControllersOptions {
  readonly dir: string;
  readonly kubeconfig: string;
  /** Distinguishes replicas in logs. */
  readonly name?: string;
  readonly flags?: readonly string[];
  /** Content of the ControllerConfiguration. */
  readonly config?: object;
  /** Neither serve nor wait for /readyz. */
  readonly early?: boolean;
}

export async function startControllers(options: ControllersOptions): Promise<ControllersProcess> {
  const configFile = join(options.dir, 'controllers.yaml');
  const config = {
    apiVersion: 'metal.provider.extensions.config.gardener.cloud/v1alpha1',
    kind: 'ControllerConfiguration',
    ...options.config,
  };
  await writeFile(configFile, JSON.stringify(config));
  if (options.early) return start(options, configFile, '0', '0');
  return withFreePort((metricsPort) =>
    withFreePort((healthPort) => start(options, configFile, `127.0.0.1:${metricsPort}`, `127.0.0.1:${healthPort}`)),
  );
}

async function start(
  options: ControllersOptions,
  configFile: string,
  metrics: string,
  health: string,
): Promise<ControllersProcess> {
  const { dir, kubeconfig, name = 'controllers' } = options;
  const running = await startProcess({
    name,
    command: process.execPath,
    args: [
      bundle,
      'controllers',
      `--config-file=${configFile}`,
      `--kubeconfig=${kubeconfig}`,
      '--leader-election-namespace=default',
      '--heartbeat-namespace=default',
      `--metrics-bind-address=${metrics}`,
      `--health-bind-address=${health}`,
      '--log-format=text',
      ...(options.flags ?? []),
    ],
    logFile: join(dir, `${name}.log`),
    ...(options.early ? {} : { ready: async (signal) => (await fetch(`http://${health}/readyz`, { signal })).ok }),
    graceMs: 20_000,
  });
  return Object.assign(running, {
    metrics: async () => (await fetch(`http://${metrics}/metrics`)).text(),
    usage: () => readUsage(running.pid),
  });
}
