import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../pki/authority.ts';
import { writeKubeconfig } from '../pki/kubeconfig.ts';
import { lockDir } from '../processes/lock.ts';
import { createSupervisor, type Supervisor } from '../processes/supervisor.ts';
import {
  type Cluster,
  type Context,
  type ControlPlaneOptions,
  etcd,
  gardenWithContent,
  type RunningCluster,
  shootWithControllers,
} from './bring-up.ts';
import { type ClusterName, createCredentials } from './credentials.ts';
import { untilServed } from './discovery.ts';

export interface ControlPlane extends AsyncDisposable {
  readonly dir: string;
  /** PEM of the authority that signed the certificates of the API servers. */
  readonly ca: string;
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
  /** Resolves when all groups are served again, Gardener's included. */
  startGarden(): Promise<void>;
  issueClientCert(user: string, groups?: readonly string[]): Promise<KeyPair>;
  /** A kubeconfig for that user and these groups; its path. */
  writeKubeconfig(user: string, groups?: readonly string[], cluster?: ClusterName): Promise<string>;
}

async function start(options: ControlPlaneOptions, supervisor: Supervisor): Promise<ControlPlane> {
  const { dir } = options;
  await Promise.all(
    ['etcd', 'pki', 'logs', 'pods'].map((name) => rm(join(dir, name), { recursive: true, force: true })),
  );
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const credentials = await createCredentials(join(dir, 'pki'));
  const etcdPort = await etcd(options, credentials, supervisor);
  const context: Context = { options, credentials, supervisor, etcdPort };
  const [garden, shoot] = await supervisor.all([
    gardenWithContent(context),
    options.shoot ? shootWithControllers(context) : Promise.resolve(undefined),
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
    await untilServed(garden.probe, garden.groupVersions, supervisor.signal);
  };
  const stop = async () => {
    await supervisor.stop();
    await Promise.all([garden.probe.close(), shoot?.probe.close()]);
  };
  return {
    dir,
    ca: credentials.authority.cert,
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
