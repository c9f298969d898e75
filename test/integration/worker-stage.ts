import { randomBytes } from 'node:crypto';
import { cluster } from '../../src/apis/extensions/cluster.ts';
import { clusters, workers } from '../../src/apis/extensions/resources.ts';
import type { Worker, WorkerPool } from '../../src/apis/extensions/worker.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { secrets } from '../../src/kube/secret.ts';
import type { PoolPlan, WorkerDriver } from '../../src/providers/worker.ts';
import { createNamespace } from './kube-kit.ts';
import { deployments, startMachineManager } from './machine-manager.ts';

/** A driver whose machines have nothing but a size; what is called is written down. */
export function createDriver() {
  const calls: string[] = [];
  const settings = { rolling: [] as string[], image: 'image-1', keepsHash: false };
  const note = (name: string) => async (operation: { object: Worker }) =>
    void calls.push(`${name} ${operation.object.metadata.namespace}`);
  const poolPlan = (pool: WorkerPool, region: string): PoolPlan => ({
    pool,
    zones: pool.zones ?? [],
    hashData: { rolling: settings.rolling, inPlace: [] },
    content: (zone) => ({
      provider: 'test',
      providerSpec: { size: pool.machineType, image: settings.image, zone: zone ?? 'none', tags: ['a', 'b'] },
      nodeTemplate: {
        capacity: { cpu: '4', gpu: '0', memory: '8Gi' },
        instanceType: pool.machineType,
        region,
        zone: zone ?? region,
        architecture: pool.architecture ?? 'amd64',
      },
      secretData: { token: btoa('token') },
    }),
  });
  const driver: WorkerDriver = {
    beforeReconcile: note('beforeReconcile'),
    plan: async ({ object }) => ({
      pools: (object.spec.pools ?? []).map((pool) => poolPlan(pool, object.spec.region)),
      providerStatus: { kind: 'WorkerStatus', image: settings.image },
    }),
    hash: (_, deployment, __, computed, existing) => {
      const kept = settings.keepsHash ? existing.find((name) => name.startsWith(`${deployment}-`)) : undefined;
      return kept?.slice(deployment.length + 1) ?? computed;
    },
    afterReconcile: note('afterReconcile'),
    afterDeletion: note('afterDeletion'),
    forceDelete: note('forceDelete'),
    migrate: note('migrate'),
    beforeRestore: note('beforeRestore'),
    codesOf: (text) => (text.includes('no stock') ? ['ERR_INFRA_RESOURCES_DEPLETED'] : []),
  };
  return {
    driver,
    settings,
    of: (namespace: string) => calls.filter((call) => call.endsWith(` ${namespace}`)).map((call) => call.split(' ')[0]),
  };
}

export const pool = (change: Partial<WorkerPool> = {}): WorkerPool => ({
  name: 'pool',
  minimum: 2,
  maximum: 2,
  maxSurge: 1,
  maxUnavailable: 0,
  machineType: 'c1',
  machineImage: { name: 'ubuntu', version: '24.04' },
  nodeAgentSecretName: 'agent-1',
  labels: { 'worker.gardener.cloud/pool': 'pool' },
  taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
  userDataSecretRef: { name: 'osc', key: 'cloud_config' },
  machineControllerManager: { machineDrainTimeout: '1h', nodeConditions: ['A', 'B'] },
  ...change,
});

const now = () => new Date().toISOString().replace('Z', '000000Z');

/** What gardenlet would have made for one Shoot, and a stand-in for its machine-controller-manager. */
export async function createWorkerShoot(
  client: KubeClient,
  options: {
    type: string;
    pools?: readonly WorkerPool[];
    annotations?: Record<string, string>;
    machinesOnly?: boolean;
    /** Of machine-controller-manager; gardenlet gives it none before a restore. */
    managerReplicas?: number;
  },
) {
  const namespace = await createNamespace(client, 'shoot--test');
  const key = { namespace, name: 'worker' };
  const shoot = {
    metadata: { name: 's', namespace: 'garden-test', uid: randomBytes(8).toString('hex'), creationTimestamp: null },
    spec: { region: 'fra', hibernation: { enabled: false }, kubernetes: { version: '1.33.2' } },
    status: { technicalID: namespace, lastOperation: { state: 'Processing', type: 'Create' } },
  };
  const seedCluster = {
    metadata: { name: namespace },
    spec: { shoot, seed: {}, cloudProfile: { metadata: { name: 'p' }, spec: {} } },
  };
  await client.create(clusters, seedCluster);
  await client.create(secrets, { metadata: { namespace, name: 'cloudprovider' }, data: { key: btoa('secret') } });
  await client.create(secrets, { metadata: { namespace, name: 'osc' }, data: { cloud_config: btoa('user data') } });
  await client.create(deployments, managerDeployment(namespace, options.managerReplicas ?? 1));
  let timestamp = now();
  const annotations = options.annotations ?? {
    'gardener.cloud/operation': 'reconcile',
    'gardener.cloud/timestamp': timestamp,
  };
  const created = await client.create(workers, {
    metadata: { ...key, annotations },
    spec: {
      type: options.type,
      region: 'fra',
      secretRef: { name: 'cloudprovider', namespace },
      pools: options.pools ?? [pool()],
    },
  });
  const manager = startMachineManager(client, namespace, { machinesOnly: options.machinesOnly ?? false });
  return {
    namespace,
    key,
    manager,
    created,
    cluster: cluster.parse(seedCluster),
    get timestamp() {
      return timestamp;
    },
    async ask(operation: string) {
      timestamp = now();
      await client.mergePatch(workers, key, {
        metadata: { annotations: { 'gardener.cloud/operation': operation, 'gardener.cloud/timestamp': timestamp } },
      });
    },
    /** As gardenlet does when a Shoot wakes up. */
    scaleManager: (replicas: number) =>
      client.mergePatch(deployments, { namespace, name: 'machine-controller-manager' }, { spec: { replicas } }),
    setPools: (...pools: readonly WorkerPool[]) => client.mergePatch(workers, key, { spec: { pools } }),
    hibernate: (enabled: boolean) =>
      client.mergePatch(clusters, { name: namespace }, { spec: { shoot: { spec: { hibernation: { enabled } } } } }),
  };
}

export type WorkerShoot = Awaited<ReturnType<typeof createWorkerShoot>>;

function managerDeployment(namespace: string, replicas: number) {
  const labels = { role: 'machine-controller-manager' };
  return {
    metadata: { namespace, name: 'machine-controller-manager' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'mcm', image: 'mcm' }] } },
    },
  };
}
