import { join } from 'node:path';
import type { KubeClient } from '../../src/kube/client.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { Parts } from '../parts/catalog.ts';
import { type Access, writeKubeconfig } from '../pki/kubeconfig.ts';
import { withFreePort } from '../processes/ports.ts';
import type { RunningProcess } from '../processes/process.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import { inStep, type Progress } from '../progress.ts';
import { aggregate } from './aggregation.ts';
import { groupVersions, installCrds, readSeedCrds } from './crds.ts';
import type { ClusterName, Credentials } from './credentials.ts';
import { untilServed } from './discovery.ts';
import { startEtcd } from './etcd.ts';
import { SERVICE, startGardenerApiServer } from './gardener-apiserver.ts';
import { startKubeApiServer } from './kube-apiserver.ts';
import { startKubeControllerManager } from './kube-controller-manager.ts';
import { createProbe, type Probe } from './probe.ts';
import { serviceResolver, startServiceProxy } from './service-proxy.ts';

export interface Cluster {
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
}

export interface ControlPlaneOptions {
  /** Everything is written below it: data, certificates, logs, kubeconfigs. Data of an earlier run is removed. */
  readonly dir: string;
  readonly parts: Parts;
  readonly progress: Progress;
  /** Ends the start; what had been started is stopped before the call rejects. */
  readonly signal?: AbortSignal | undefined;
  /** A second API server, for the shoot. */
  readonly shoot?: boolean;
  /** gardener-apiserver, aggregated into the garden. */
  readonly gardener?: boolean;
  /**
   * What Deployments need that landscape/pods runs: a kube-controller-manager beside each API server, and API servers
   * that reach their Services (webhooks).
   */
  readonly workloads?: boolean;
}

const SERVICE_CIDR: Readonly<Record<ClusterName, string>> = { garden: '10.0.0.0/24', shoot: '10.1.0.0/24' };

/** What every start below needs. */
export interface Context {
  readonly options: ControlPlaneOptions;
  readonly credentials: Credentials;
  readonly supervisor: Supervisor;
  readonly etcdPort: number;
}

export interface RunningCluster {
  readonly cluster: Cluster;
  readonly access: Access;
  readonly probe: Probe;
  process: RunningProcess;
  /** What it serves beyond its own groups. */
  groupVersions: readonly string[];
  start(signal?: AbortSignal): Promise<RunningProcess>;
}

/** Resolves to the port. */
export function etcd({ dir, parts, progress }: ControlPlaneOptions, credentials: Credentials, supervisor: Supervisor) {
  return inStep(progress, 'etcd', () =>
    withFreePort(async (port) => {
      const { signal } = supervisor;
      supervisor.add(await startEtcd({ binary: parts.etcd, dir, port, credentials, signal }), 0);
      return port;
    }),
  );
}

/** `tls`: only the API server may connect. Resolves to the port. */
async function serviceProxy(
  { options, credentials, supervisor }: Context,
  name: ClusterName,
  { tls }: { readonly tls: boolean },
): Promise<number> {
  const { server, ca } = credentials.serviceProxy;
  const signal = supervisor.stopped;
  let client: ClosableKubeClient | undefined;
  const resolve = serviceResolver(() => {
    // Not before the first connection: the kubeconfig is written when the API server has found its port.
    client ??= createKubeClient({ kubeconfig: kubeconfigPath(options, name), userAgent: 'landscape' });
    return client;
  });
  signal.addEventListener('abort', () => void client?.close(), { once: true });
  return await startServiceProxy({ ...(tls ? { tls: { server, clientCa: ca } } : {}), resolve, signal });
}

const kubeconfigPath = ({ dir }: ControlPlaneOptions, name: ClusterName): string => join(dir, `${name}.kubeconfig`);

async function apiServer(context: Context, name: ClusterName): Promise<RunningCluster> {
  const { options, credentials, supervisor, etcdPort } = context;
  const { dir, parts, progress } = options;
  const serviceProxyPort = options.workloads ? await serviceProxy(context, name, { tls: true }) : undefined;
  return await inStep(progress, `${name} API server`, () =>
    withFreePort(async (port) => {
      const server = `https://127.0.0.1:${port}`;
      const access: Access = { server, ca: credentials.authority.cert, user: 'admin', client: credentials.admin };
      const probe = createProbe(access, name);
      const start = async (signal?: AbortSignal) => {
        const binary = parts['kube-apiserver'];
        const serviceCidr = SERVICE_CIDR[name];
        const own = { name, binary, dir, port, etcdPort, serviceCidr, credentials, probe, serviceProxyPort, signal };
        return supervisor.add(await startKubeApiServer(own), 1);
      };
      const process = await start(supervisor.signal);
      const kubeconfig = await writeKubeconfig(kubeconfigPath(options, name), name, access);
      return { cluster: { kubeconfig, server }, access, probe, process, groupVersions: [], start };
    }),
  );
}

/** Resolves when it runs, if it is wanted at all. */
async function controllerManager(context: Context, name: ClusterName, running: RunningCluster): Promise<void> {
  const { options, credentials, supervisor } = context;
  const { dir, parts, progress } = options;
  if (!options.workloads) return;
  const { signal } = supervisor;
  const { access, cluster } = running;
  const common = { cluster: name, binary: parts['kube-controller-manager'], dir, credentials, access, signal };
  await inStep(progress, `${name} controller manager`, () =>
    withFreePort(async (port) => {
      const { kubeconfig } = cluster;
      supervisor.add(await startKubeControllerManager({ ...common, port, kubeconfig }), 2);
    }),
  );
}

async function gardener(context: Context, garden: RunningCluster, client: KubeClient): Promise<string[]> {
  const { options, credentials, supervisor, etcdPort } = context;
  const { dir, parts, progress } = options;
  const { signal } = supervisor;
  const serviceProxyPort = options.workloads ? await serviceProxy(context, 'garden', { tls: false }) : undefined;
  return await inStep(progress, 'gardener-apiserver', () =>
    withFreePort(async (port) => {
      const binary = parts['gardener-apiserver'];
      const own = { binary, dir, port, etcdPort, credentials, garden: garden.access, serviceProxyPort, signal };
      supervisor.add(await startGardenerApiServer(own), 1);
      const access = { ...garden.access, server: `https://127.0.0.1:${port}` };
      return await aggregate({ client, service: SERVICE, access, signal });
    }),
  );
}

async function customResources({ options, supervisor }: Context, client: KubeClient): Promise<string[]> {
  return await inStep(options.progress, 'custom resource definitions', async () => {
    const crds = await readSeedCrds(supervisor.signal);
    await installCrds(client, crds, supervisor.signal);
    return groupVersions(crds);
  });
}

export async function shootWithControllers(context: Context): Promise<RunningCluster> {
  const shoot = await apiServer(context, 'shoot');
  await controllerManager(context, 'shoot', shoot);
  return shoot;
}

/** The garden's API server with the seed's custom resources and Gardener's groups, all of them served. */
export async function gardenWithContent(context: Context): Promise<RunningCluster> {
  const { options, supervisor } = context;
  const garden = await apiServer(context, 'garden');
  const client = createKubeClient({ kubeconfig: garden.cluster.kubeconfig, userAgent: 'landscape' });
  try {
    const [custom, aggregated] = await supervisor.all([
      customResources(context, client),
      options.gardener ? gardener(context, garden, client) : Promise.resolve([]),
      controllerManager(context, 'garden', garden),
    ]);
    garden.groupVersions = [...custom, ...aggregated];
    await inStep(options.progress, 'discovery', () =>
      untilServed(garden.probe, garden.groupVersions, supervisor.signal),
    );
    return garden;
  } finally {
    await client.close();
  }
}
