import { join } from 'node:path';
import { type Access, writeKubeconfig } from '../pki/kubeconfig.ts';
import { poll } from '../processes/poll.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import { type Api, connect, createOnce } from './api.ts';
import type { Credentials } from './credentials.ts';

const NAMESPACE = 'garden';
const SERVICE = 'gardener-apiserver';

export interface GardenerApiServerOptions {
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly credentials: Credentials;
  /** The garden's API server, as the admin. */
  readonly garden: Access;
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
  const { binary, dir, port, garden, signal } = options;
  const kubeconfig = join(dir, 'pki', 'gardener-apiserver.kubeconfig');
  await writeKubeconfig(kubeconfig, 'garden', garden);
  const api = connect({ ...garden, server: `https://127.0.0.1:${port}` });
  try {
    return await startProcess({
      name: SERVICE,
      command: binary,
      args: args(options, kubeconfig),
      logFile: join(dir, 'logs', `${SERVICE}.log`),
      ready: async (attempt) => (await api.call('GET', '/readyz', { signal: attempt })).status === 200,
      readyTimeoutMs: 120_000,
      graceMs: 5_000,
      signal,
    });
  } finally {
    await api.close();
  }
}

interface GroupList {
  readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[];
}

/** The group versions that the server at `access` serves, in its own order of preference. */
async function servedVersions(access: Access, signal?: AbortSignal): Promise<{ group: string; version: string }[]> {
  const api = connect(access);
  try {
    const { body } = await api.call('GET', '/apis', signal ? { signal } : {});
    return (body as GroupList).groups.flatMap(({ name, versions }) =>
      versions.map(({ version }) => ({ group: name, version })),
    );
  } finally {
    await api.close();
  }
}

/**
 * Makes the garden's API server pass Gardener's groups on: an APIService for each group version, to a Service without
 * pods whose name resolves to this machine. Waits until all are available.
 */
export async function aggregate(api: Api, options: GardenerApiServerOptions): Promise<void> {
  const { port, garden, credentials, signal } = options;
  await createOnce(api, '/api/v1/namespaces', { metadata: { name: NAMESPACE } }, signal);
  await createOnce(
    api,
    `/api/v1/namespaces/${NAMESPACE}/services`,
    { metadata: { name: SERVICE }, spec: { type: 'ExternalName', externalName: 'localhost' } },
    signal,
  );
  const served = await servedVersions({ ...garden, server: `https://127.0.0.1:${port}` }, signal);
  const caBundle = Buffer.from(credentials.authority.cert).toString('base64');
  const services = '/apis/apiregistration.k8s.io/v1/apiservices';
  await Promise.all(
    served.map(async ({ group, version }, index) => {
      const name = `${version}.${group}`;
      const spec = {
        group,
        version,
        caBundle,
        service: { namespace: NAMESPACE, name: SERVICE, port },
        groupPriorityMinimum: 10_000,
        versionPriority: 100 - index,
      };
      await createOnce(api, services, { metadata: { name }, spec }, signal);
      await poll(
        async (attempt) => (await api.call('GET', `/apis/${group}/${version}`, { signal: attempt })).status === 200,
        { what: `APIService ${name}`, intervalMs: 100, timeoutMs: 60_000, signal },
      );
    }),
  );
}
