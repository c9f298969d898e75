import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import type { Programs } from '../pods/program.ts';
import { freePort } from '../processes/ports.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import { type KeptProcess, keepRunning } from './kept-process.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** What Deployments name; the landscape has the bundle in its place. */
const espalierImage = 'registry.local/espalier:dev';

/** `espalier machine-controller` beside machine-controller-manager, in the place of that image. */
export const espalierProgram: Programs = {
  espalier: {
    command: [process.execPath, bundle],
    args: ['--leader-elect=false', '--address=127.0.0.1'],
    ports: { 10259: (port) => ({ args: [`--port=${port}`] }) },
  },
};

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

async function startOnce({ dir, kubeconfig, signal }: ControllersOptions): Promise<RunningProcess> {
  const [metrics, health, webhooks] = [await freePort(), await freePort(), await freePort()];
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
      `--image=${espalierImage}`,
      '--webhook-config-server-host=127.0.0.1',
      `--webhook-config-server-port=${webhooks}`,
      '--webhook-config-mode=url',
      `--webhook-config-url=127.0.0.1:${webhooks}`,
      `--webhook-config-namespace=${extensionNamespace}`,
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
export async function startControllers(options: ControllersOptions): Promise<KeptProcess> {
  await access(bundle).catch(() => {
    throw new Error(`${bundle} is not built; run: make build`);
  });
  await writeFile(join(options.dir, 'controllers.yaml'), dump(configuration));
  const { signal, onRestart } = options;
  return keepRunning({ start: (within) => startOnce({ ...options, signal: within }), signal, onRestart });
}
