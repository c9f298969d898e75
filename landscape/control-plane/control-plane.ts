import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeClient } from '../../src/kube/client.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import type { Parts } from '../parts/catalog.ts';
import type { KeyPair } from '../pki/authority.ts';
import { type Access, writeKubeconfig } from '../pki/kubeconfig.ts';
import { lockDir } from '../processes/lock.ts';
import { withFreePort } from '../processes/ports.ts';
import type { RunningProcess } from '../processes/process.ts';
import { createSupervisor, type Supervisor } from '../processes/supervisor.ts';
import { inStep, type Progress } from '../progress.ts';
import { aggregate } from './aggregation.ts';
import { groupVersions, installCrds, readSeedCrds } from './crds.ts';
import { type ClusterName, type Credentials, createCredentials } from './credentials.ts';
import { untilAnswering, untilDiscovered } from './discovery.ts';
import { startEtcd } from './etcd.ts';
import { SERVICE, startGardenerApiServer } from './gardener-apiserver.ts';
import { startKubeApiServer } from './kube-apiserver.ts';
import { createProbe, type Probe } from './probe.ts';

export interface Cluster {
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
}

export interface ControlPlane extends AsyncDisposable {
  readonly dir: string;
  /** Garden and seed in one. */
  readonly garden: Cluster;
  readonly shoot?: Cluster;
  /** Aborted with a ProcessError when a part ends without having been asked to. */
  readonly failure: AbortSignal;
  /** Stops all parts, API servers before etcd. The directory stays. Idempotent. */
  stop(): Promise<void>;
  /** SIGTERM and start again: the same port, the same data. */
  restartGarden(): Promise<void>;
  /** SIGKILL; startGarden brings it back. */
  killGarden(): Promise<void>;
  startGarden(): Promise<void>;
  issueClientCert(user: string, groups?: readonly string[]): Promise<KeyPair>;
  /** A kubeconfig for that user and these groups; its path. */
  writeKubeconfig(user: string, groups?: readonly string[], cluster?: ClusterName): Promise<string>;
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
}

const SERVICE_CIDR: Readonly<Record<ClusterName, string>> = { garden: '10.0.0.0/24', shoot: '10.1.0.0/24' };

/** What every start below needs. */
interface Context {
  readonly options: ControlPlaneOptions;
  readonly credentials: Credentials;
  readonly supervisor: Supervisor;
  readonly etcdPort: number;
}

interface RunningCluster {
  readonly cluster: Cluster;
  readonly access: Access;
  readonly probe: Probe;
  process: RunningProcess;
  start(signal?: AbortSignal): Promise<RunningProcess>;
}

function etcd({ dir, parts, progress }: ControlPlaneOptions, credentials: Credentials, supervisor: Supervisor) {
  return inStep(progress, 'etcd', () =>
    withFreePort(async (port) => {
      const { signal } = supervisor;
      supervisor.add(await startEtcd({ binary: parts.etcd, dir, port, credentials, signal }), 0);
      return port;
    }),
  );
}

async function apiServer(context: Context, name: ClusterName): Promise<RunningCluster> {
  const { options, credentials, supervisor, etcdPort } = context;
  const { dir, parts, progress } = options;
  return await inStep(progress, `${name} API server`, () =>
    withFreePort(async (port) => {
      const server = `https://127.0.0.1:${port}`;
      const access: Access = { server, ca: credentials.authority.cert, user: 'admin', client: credentials.admin };
      const probe = createProbe(access, name);
      const start = async (signal?: AbortSignal) => {
        const binary = parts['kube-apiserver'];
        const serviceCidr = SERVICE_CIDR[name];
        const own = { name, binary, dir, port, etcdPort, serviceCidr, credentials, probe, signal };
        return supervisor.add(await startKubeApiServer(own), 1);
      };
      const process = await start(supervisor.signal);
      const kubeconfig = await writeKubeconfig(join(dir, `${name}.kubeconfig`), name, access);
      return { cluster: { kubeconfig, server }, access, probe, process, start };
    }),
  );
}

async function gardener(context: Context, garden: RunningCluster, client: KubeClient): Promise<string[]> {
  const { options, credentials, supervisor, etcdPort } = context;
  const { dir, parts, progress } = options;
  const { signal } = supervisor;
  return await inStep(progress, 'gardener-apiserver', () =>
    withFreePort(async (port) => {
      const binary = parts['gardener-apiserver'];
      const own = { binary, dir, port, etcdPort, credentials, garden: garden.access, signal };
      supervisor.add(await startGardenerApiServer(own), 1);
      const access = { ...garden.access, server: `https://127.0.0.1:${port}` };
      const groupVersions = await aggregate({ client, service: SERVICE, access, signal });
      await untilAnswering(garden.probe, groupVersions, signal);
      return groupVersions;
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

async function gardenWithContent(context: Context): Promise<RunningCluster> {
  const { options, supervisor } = context;
  const garden = await apiServer(context, 'garden');
  const client = createKubeClient({ kubeconfig: garden.cluster.kubeconfig, userAgent: 'landscape' });
  try {
    const [custom, aggregated] = await supervisor.all([
      customResources(context, client),
      options.gardener ? gardener(context, garden, client) : Promise.resolve([]),
    ]);
    await inStep(options.progress, 'discovery', () =>
      untilDiscovered(garden.probe, [...custom, ...aggregated], supervisor.signal),
    );
    return garden;
  } finally {
    await client.close();
  }
}

async function start(options: ControlPlaneOptions, supervisor: Supervisor): Promise<ControlPlane> {
  const { dir } = options;
  await Promise.all(['etcd', 'pki', 'logs'].map((name) => rm(join(dir, name), { recursive: true, force: true })));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const credentials = await createCredentials(join(dir, 'pki'));
  const etcdPort = await etcd(options, credentials, supervisor);
  const context: Context = { options, credentials, supervisor, etcdPort };
  const [garden, shoot] = await supervisor.all([
    gardenWithContent(context),
    options.shoot ? apiServer(context, 'shoot') : Promise.resolve(undefined),
  ]);
  return controlPlane(context, garden, shoot);
}

function controlPlane(context: Context, garden: RunningCluster, shoot: RunningCluster | undefined): ControlPlane {
  const { options, credentials, supervisor } = context;
  const { dir } = options;
  const issueClientCert = (user: string, groups: readonly string[] = []) => credentials.authority.client(user, groups);
  const end = async (how: 'stop' | 'kill') => {
    supervisor.remove(garden.process);
    await garden.process[how]();
  };
  const startGarden = async () => {
    garden.process = await garden.start(supervisor.signal);
  };
  const stop = async () => {
    await supervisor.stop();
    await Promise.all([garden.probe.close(), shoot?.probe.close()]);
  };
  return {
    dir,
    garden: garden.cluster,
    ...(shoot ? { shoot: shoot.cluster } : {}),
    failure: supervisor.failure,
    stop,
    killGarden: () => end('kill'),
    startGarden,
    async restartGarden() {
      await end('stop');
      await startGarden();
    },
    issueClientCert,
    async writeKubeconfig(user, groups = [], cluster = 'garden') {
      const access = (cluster === 'shoot' ? shoot : garden)?.access;
      if (!access) throw new Error('this control plane has no shoot API server');
      const mark = createHash('sha256')
        .update(JSON.stringify([user, groups, cluster]))
        .digest('hex')
        .slice(0, 8);
      const path = join(dir, 'pki', `${user.replace(/[^\w.-]/g, '-')}-${mark}.kubeconfig`);
      return await writeKubeconfig(path, cluster, { ...access, user, client: await issueClientCert(user, groups) });
    },
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Starts etcd and the API servers and waits until they can be used: CRDs of the seed served, Gardener's groups
 * answering. Nothing is left running when it rejects.
 * @throws ProcessError when a part ends; its message names the log file and shows the log's end
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  options.signal?.throwIfAborted();
  const unlock = await lockDir(options.dir);
  const supervisor = createSupervisor(options.signal);
  try {
    const plane = await start(options, supervisor);
    const stop = async () => {
      await plane.stop();
      await unlock();
    };
    return { ...plane, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await supervisor.stop();
    await unlock();
    throw error;
  }
}
