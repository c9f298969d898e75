import { join } from 'node:path';
import { type Access, writeKubeconfig } from '../pki/kubeconfig.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import type { Credentials } from './credentials.ts';
import { answersOk, createProbe } from './probe.ts';

export const SERVICE = 'gardener-apiserver';

export interface GardenerApiServerOptions {
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly credentials: Credentials;
  /** The garden's API server, as the admin. */
  readonly garden: Access;
  /** Port of the proxy through which it reaches Services, which its webhooks are. */
  readonly serviceProxyPort?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

function args({ port, etcdPort, credentials }: GardenerApiServerOptions, kubeconfig: string): string[] {
  return [
    `--etcd-servers=https://127.0.0.1:${etcdPort}`,
    '--etcd-prefix=/gardener',
    `--etcd-cafile=${credentials.etcdCa}`,
    `--etcd-certfile=${credentials.etcdClient.cert}`,
    `--etcd-keyfile=${credentials.etcdClient.key}`,
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${credentials.gardenerApiServer.cert}`,
    `--tls-private-key-file=${credentials.gardenerApiServer.key}`,
    '--cluster-identity=landscape',
    '--workload-identity-token-issuer=https://issuer.landscape.local',
    `--workload-identity-signing-key-file=${credentials.workloadIdentityKey}`,
    '--enable-priority-and-fairness=false',
    '--log-level=info',
  ];
}

/** Starts it; it reads the authentication settings of the garden, whose API server has to be ready. */
export async function startGardenerApiServer(options: GardenerApiServerOptions): Promise<RunningProcess> {
  const { binary, dir, port, garden, serviceProxyPort, signal } = options;
  const kubeconfig = join(dir, 'pki', 'gardener-apiserver.kubeconfig');
  await writeKubeconfig(kubeconfig, 'garden', garden);
  const probe = createProbe({ ...garden, server: `https://127.0.0.1:${port}` }, SERVICE);
  try {
    return await startProcess({
      name: SERVICE,
      command: binary,
      args: args(options, kubeconfig),
      // It does not use an egress selector for webhooks. Whatever is at a loopback address is called without a proxy.
      env: serviceProxyPort ? { HTTPS_PROXY: `http://127.0.0.1:${serviceProxyPort}`, NO_PROXY: '' } : {},
      logFile: join(dir, 'logs', `${SERVICE}.log`),
      ready: answersOk(probe, '/readyz'),
      readyTimeoutMs: 120_000,
      graceMs: 3_000,
      signal,
    });
  } finally {
    await probe.close();
  }
}
