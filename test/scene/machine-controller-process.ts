import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFreePort } from '../../landscape/processes/ports.ts';
import { type RunningProcess, startProcess } from '../../landscape/processes/process.ts';
import { readUsage, type Usage } from './usage.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** `espalier machine-controller` as it runs in a control plane: the bundle, in a process of its own. */
export interface MachineControllerProcess extends RunningProcess {
  /** Text of /metrics. */
  metrics(): Promise<string>;
  usage(): Promise<Usage>;
}

export interface MachineControllerOptions {
  /** For its log. */
  readonly dir: string;
  /** Kubeconfigs. */
  readonly control: string;
  readonly target: string;
  readonly namespace: string;
  /** Distinguishes replicas in logs. */
  readonly name?: string;
  readonly flags?: readonly string[];
  /** Do not wait for /readyz. */
  readonly early?: boolean;
}

export function startMachineController(options: MachineControllerOptions): Promise<MachineControllerProcess> {
  const { dir, control, target, namespace, name = 'machine-controller', flags = [], early = false } = options;
  return withFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const running = await startProcess({
      name,
      command: process.execPath,
      args: [
        bundle,
        'machine-controller',
        `--control-kubeconfig=${control}`,
        `--target-kubeconfig=${target}`,
        `--namespace=${namespace}`,
        '--address=127.0.0.1',
        `--port=${port}`,
        '--kube-api-qps=100',
        '--kube-api-burst=200',
        '--log-format=text',
        ...flags,
      ],
      logFile: join(dir, `${name}.log`),
      ...(early ? {} : { ready: async (signal) => (await fetch(`${url}/readyz`, { signal })).ok }),
      graceMs: 20_000,
    });
    return Object.assign(running, {
      metrics: async () => (await fetch(`${url}/metrics`)).text(),
      usage: () => readUsage(running.pid),
    });
  });
}
