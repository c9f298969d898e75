import { createHash } from 'node:crypto';
import type { NodeCapacity, Worker, WorkerPool } from '../../apis/extensions/worker.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { GardenShoot, ShootWorker } from './garden-shoot.ts';
import { cloudProviderSecret } from './infrastructure.ts';

/** What a CloudProfile offers, as far as it goes into a Worker. */
interface Offer extends KubeObject {
  spec: { machineTypes?: readonly { name: string; cpu: string; gpu?: string; memory: string }[] };
}

/** Name and key of the user data that the operating system extension has made for a pool. */
export const userDataKey = 'cloud_config';

/** What of a pool makes new nodes necessary, as gardenlet hashes it (gardener-contract 2.2). */
export function nodeAgentSecretName(shoot: GardenShoot, pool: ShootWorker): string {
  const { rotation } = shoot.status?.credentials ?? {};
  const inputs = [
    kubernetesVersion(shoot, pool).split('.').slice(0, 2).join('.'),
    pool.machine?.type,
    `${pool.machine?.image?.name}${pool.machine?.image?.version}`,
    pool.volume?.type,
    pool.volume?.size,
    pool.cri?.name,
    rotation?.certificateAuthorities?.lastInitiationTime,
    rotation?.serviceAccountKey?.lastInitiationTime,
  ];
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
  return `gardener-node-agent-${pool.name}-${hash}`;
}

const kubernetesVersion = (shoot: GardenShoot, pool: ShootWorker): string =>
  pool.kubernetes?.version ?? shoot.spec.kubernetes?.version ?? '';

/** What gardenlet writes into a Worker (gardener-contract 1.4); `existing` keeps the capacity of a machine type. */
export function workerObject(
  namespace: string,
  shoot: GardenShoot,
  given: {
    readonly cloudProfile: Offer;
    readonly infrastructureProviderStatus: unknown;
    readonly sshPublicKey: string | undefined;
    readonly existing: Worker | undefined;
  },
): Worker {
  const { infrastructureProviderStatus, sshPublicKey } = given;
  const { type, workers = [] } = shoot.spec.provider;
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'Worker',
    metadata: { name: shoot.metadata.name, namespace },
    spec: {
      type,
      region: shoot.spec.region,
      secretRef: { name: cloudProviderSecret, namespace },
      ...(infrastructureProviderStatus == null ? {} : { infrastructureProviderStatus }),
      ...(sshPublicKey === undefined ? {} : { sshPublicKey }),
      pools: workers.map((pool) => workerPool(shoot, pool, given)),
    },
  };
}

function workerPool(
  shoot: GardenShoot,
  pool: ShootWorker,
  { cloudProfile, existing }: { readonly cloudProfile: Offer; readonly existing: Worker | undefined },
): WorkerPool {
  const { machine, cri, kubernetes, machineControllerManager, clusterAutoscaler } = pool;
  const secret = nodeAgentSecretName(shoot, pool);
  const architecture = machine?.architecture ?? 'amd64';
  const before = existing?.spec.pools?.find(
    ({ name, machineType }) => name === pool.name && machineType === machine?.type,
  );
  const nodeTemplate = before?.nodeTemplate ?? capacityOf(cloudProfile, machine?.type);
  const kubeletConfig = kubernetes?.kubelet ?? shoot.spec.kubernetes?.kubelet;
  return {
    name: pool.name,
    minimum: pool.minimum ?? 0,
    maximum: pool.maximum ?? 0,
    maxSurge: pool.maxSurge ?? 0,
    maxUnavailable: pool.maxUnavailable ?? 0,
    machineType: machine?.type ?? '',
    machineImage: { ...machine?.image },
    architecture,
    labels: {
      ...pool.labels,
      'node.kubernetes.io/role': 'node',
      'kubernetes.io/arch': architecture,
      'networking.gardener.cloud/node-local-dns-enabled': 'false',
      'worker.gardener.cloud/pool': pool.name,
      'worker.garden.sapcloud.io/group': pool.name,
      'worker.gardener.cloud/system-components': 'true',
      'worker.gardener.cloud/gardener-node-agent-secret-name': secret,
      ...(cri ? { 'worker.gardener.cloud/cri-name': cri.name } : {}),
    },
    userDataSecretRef: { name: userDataSecretName(secret), key: userDataKey },
    nodeAgentSecretName: secret,
    kubernetesVersion: kubernetesVersion(shoot, pool),
    ...given({ kubeletConfig, machineControllerManager, clusterAutoscaler, nodeTemplate }),
    ...given({ annotations: pool.annotations, taints: pool.taints, zones: pool.zones, volume: pool.volume }),
    ...given({ dataVolumes: pool.dataVolumes, providerConfig: pool.providerConfig, priority: pool.priority }),
    ...given({ updateStrategy: pool.updateStrategy }),
  };
}

/** The Secret in which an operating system extension leaves what it makes of the OperatingSystemConfig. */
export const userDataSecretName = (secret: string): string => `osc-result-${secret}-init`;

function capacityOf({ spec }: Offer, type: string | undefined): NodeCapacity | undefined {
  const found = spec.machineTypes?.find(({ name }) => name === type);
  return found && { capacity: { cpu: found.cpu, gpu: found.gpu ?? '0', memory: found.memory } };
}

/** Only what is there: a merge patch must not carry undefined. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
