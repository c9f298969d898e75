import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFreePort } from '../processes/ports.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

export interface AdmissionOptions {
  /** Its log is written below it. */
  readonly dir: string;
  readonly kubeconfig: string;
  /** Namespace of the garden for the Secrets that replicas share, and for their Lease. */
  readonly namespace: string;
  /** Distinguishes replicas in logs. */
  readonly name?: string;
  readonly flags?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** `espalier admission`, called by API servers at an address of this machine. */
export interface AdmissionProcess extends RunningProcess {
  /** Port of the webhooks. */
  readonly port: number;
  /** Port of /healthz and /readyz. */
  readonly healthPort: number;
}

/**
 * Starts it through its entry point, and resolves when its webhooks are registered.
 * @throws when the bundle is not built, or with the end of the log when it does not become ready
 */
export async function startAdmission(options: AdmissionOptions): Promise<AdmissionProcess> {
  await access(bundle).catch(() => {
    throw new Error(`${bundle} is not built; run: make build`);
  });
  return withFreePort((port) => withFreePort((healthPort) => start(options, port, healthPort)));
}

async function start(options: AdmissionOptions, port: number, healthPort: number): Promise<AdmissionProcess> {
  const { dir, kubeconfig, namespace, name = 'admission', flags = [], signal } = options;
  const running = await startProcess({
    name: `espalier ${name}`,
    command: process.execPath,
    args: [
      bundle,
      'admission',
      `--kubeconfig=${kubeconfig}`,
      '--webhook-config-server-host=127.0.0.1',
      `--webhook-config-server-port=${port}`,
      '--webhook-config-mode=url',
      `--webhook-config-url=127.0.0.1:${port}`,
      `--webhook-config-namespace=${namespace}`,
      '--metrics-bind-address=0',
      `--health-bind-address=127.0.0.1:${healthPort}`,
      '--log-format=text',
      ...flags,
    ],
    logFile: join(dir, 'logs', `${name}.log`),
    ready: async (attempt) => (await fetch(`http://127.0.0.1:${healthPort}/readyz`, { signal: attempt })).ok,
    signal,
  });
  return Object.assign(running, { port, healthPort });
}
