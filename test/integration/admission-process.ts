import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../landscape/processes/ports.ts';
import { type RunningProcess, startProcess } from '../../landscape/processes/process.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

export interface AdmissionProcess extends RunningProcess {
  /** From start to ready, in milliseconds. */
  readonly startMs: number;
  readonly metrics: () => Promise<string>;
}

export interface AdmissionOptions {
  readonly dir: string;
  readonly kubeconfig: string;
  /** Of Secrets and the Lease. */
  readonly namespace: string;
  /** Distinguishes replicas in logs. */
  readonly name: string;
  readonly flags?: readonly string[];
}

/** `espalier admission` as an operator runs it: the bundle, in a process of its own, reached by URL. Resolves when ready. */
export async function startAdmission(options: AdmissionOptions): Promise<AdmissionProcess> {
  const { dir, kubeconfig, namespace, name, flags = [] } = options;
  const [webhooks, metrics, health] = await Promise.all([freePort(), freePort(), freePort()]);
  const started = performance.now();
  const running = await startProcess({
    name,
    command: process.execPath,
    args: [
      bundle,
      'admission',
      `--kubeconfig=${kubeconfig}`,
      `--webhook-config-namespace=${namespace}`,
      '--webhook-config-server-host=127.0.0.1',
      `--webhook-config-server-port=${webhooks}`,
      '--webhook-config-mode=url',
      `--webhook-config-url=127.0.0.1:${webhooks}`,
      `--metrics-bind-address=127.0.0.1:${metrics}`,
      `--health-bind-address=127.0.0.1:${health}`,
      '--log-format=text',
      ...flags,
    ],
    logFile: join(dir, `${name}.log`),
    ready: async (signal) => (await fetch(`http://127.0.0.1:${health}/readyz`, { signal })).ok,
    graceMs: 20_000,
  });
  return Object.assign(running, {
    startMs: performance.now() - started,
    metrics: async () => (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text(),
  });
}
