import { join } from 'node:path';
import type { Access } from '../pki/kubeconfig.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import type { ClusterName, Credentials } from './credentials.ts';
import { answersOk, createProbe } from './probe.ts';

const NAME = 'kube-controller-manager';

/**
 * Only what Gardener's and metal-stack's parts rely on: tokens in Secrets, owner references, the end of namespaces. The
 * controllers of workloads are not run: landscape/pods does their work.
 */
const controllers = [
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'garbage-collector-controller',
  'namespace-controller',
];

export interface KubeControllerManagerOptions {
  readonly cluster: ClusterName;
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly access: Access;
  /** Path of the admin's. */
  readonly kubeconfig: string;
  readonly signal?: AbortSignal | undefined;
}

export async function startKubeControllerManager(options: KubeControllerManagerOptions): Promise<RunningProcess> {
  const { cluster, binary, dir, port, credentials, access, kubeconfig, signal } = options;
  const probe = createProbe({ ...access, server: `https://127.0.0.1:${port}` }, NAME);
  try {
    return await startProcess({
      name: `${NAME} (${cluster})`,
      command: binary,
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        `--controllers=${controllers.join(',')}`,
        `--service-account-private-key-file=${credentials.serviceAccountKey}`,
        `--root-ca-file=${credentials.ca}`,
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--tls-cert-file=${credentials.controllerManager.cert}`,
        `--tls-private-key-file=${credentials.controllerManager.key}`,
        '--profiling=false',
      ],
      logFile: join(dir, 'logs', `${NAME}-${cluster}.log`),
      ready: answersOk(probe, '/healthz'),
      graceMs: 3_000,
      signal,
    });
  } finally {
    await probe.close();
  }
}
