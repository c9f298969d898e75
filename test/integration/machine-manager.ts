import {
  type Machine,
  type MachineClass,
  type MachineDeployment,
  type MachineSet,
  machineClasses,
  machineDeployments,
  machineSets,
  machines,
} from '../../src/apis/machine/machine.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { patchOfFields } from '../../src/kube/merge-patch.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';

export const deployments = defineResource<KubeObject & { spec: { replicas?: number } }>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
});

const finalizer = 'machine.sapcloud.io/machine-controller-manager';

/**
 * Plays machine-controller-manager and a machine controller in one namespace, as long as their Deployment has replicas:
 * machines are there at once.
 */
export interface MachineManager {
  /** MachineDeployments whose machines do not become available. */
  readonly held: Set<string>;
  /** What is said of a failed machine, by MachineDeployment. */
  readonly failing: Map<string, string>;
  /** Machines are not deleted, but fail with this. */
  deletionFailure: string | undefined;
  stop(): Promise<void>;
}

/** `machinesOnly`: the machine controller only, beside a real machine-controller-manager. */
export function startMachineManager(
  client: KubeClient,
  namespace: string,
  { machinesOnly = false } = {},
): MachineManager {
  const stop = new AbortController();
  const manager = {
    held: new Set<string>(),
    failing: new Map<string, string>(),
    deletionFailure: undefined as string | undefined,
  };
  const running = (async () => {
    while (!stop.signal.aborted) {
      await tick(client, namespace, manager, machinesOnly).catch(ignoreRaces);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  return Object.assign(manager, {
    stop: () => {
      stop.abort();
      return running;
    },
  });
}

function ignoreRaces(error: unknown): void {
  if (!(error instanceof ApiError) || ![404, 409, 422].includes(error.code)) throw error;
}

type State = Omit<MachineManager, 'stop'>;

async function tick(client: KubeClient, namespace: string, manager: State, machinesOnly: boolean): Promise<void> {
  const { spec } = await client.get(deployments, { namespace, name: 'machine-controller-manager' });
  if (spec.replicas === 0) return;
  const list = async <T extends KubeObject>(resource: Resource<T>) =>
    (await client.list(resource, { namespace })).items;
  const [wanted, sets, all, classes] = await Promise.all([
    list(machineDeployments),
    list(machineSets),
    list(machines),
    list(machineClasses),
  ]);
  await holdClasses(client, namespace, classes, all);
  for (const machine of all) await runMachine(client, machine, manager);
  if (machinesOnly || (await adopt(client, wanted, sets, all))) return;
  for (const set of sets) {
    const own = all.filter((machine) => isOwned(machine, set));
    if (set.metadata.deletionTimestamp) await endAll(client, machines, own, machineSets, set);
    else await runSet(client, set, own);
  }
  for (const deployment of wanted) {
    const own = sets.filter((set) => isOwned(set, deployment));
    if (deployment.metadata.deletionTimestamp) await endAll(client, machineSets, own, machineDeployments, deployment);
    else await runDeployment(client, deployment, own, all, manager);
  }
}

async function holdClasses(
  client: KubeClient,
  namespace: string,
  classes: readonly MachineClass[],
  all: readonly Machine[],
): Promise<void> {
  const used = new Set(all.map(({ spec }) => spec.class.name));
  for (const machineClass of classes) {
    const isUsed = used.has(machineClass.metadata.name);
    await hold(client, machineClasses, machineClass, isUsed);
    const secret = await client.find(secrets, { namespace, name: machineClass.secretRef.name });
    if (secret) await hold(client, secrets, secret, isUsed);
  }
  const credentials = await client.get(secrets, { namespace, name: 'cloudprovider' });
  await hold(client, secrets, credentials, classes.length > 0 && all.length > 0);
}

/** What a restore has made has no owner yet. True when there was something to do. */
async function adopt(
  client: KubeClient,
  deployments: readonly MachineDeployment[],
  sets: readonly MachineSet[],
  all: readonly Machine[],
): Promise<boolean> {
  const isFree = ({ metadata }: KubeObject) => !metadata.ownerReferences && !metadata.deletionTimestamp;
  let adopted = false;
  const take = async <T extends KubeObject>(resource: Resource<T>, child: T, kind: string, owner?: KubeObject) => {
    if (!owner) return;
    adopted = true;
    await client.mergePatch(resource, child.metadata, { metadata: { ownerReferences: ownedBy(kind, owner) } });
  };
  for (const set of sets.filter(isFree)) {
    const owner = deployments.find(({ metadata }) => metadata.name === set.metadata.labels?.name);
    await take(machineSets, set, 'MachineDeployment', owner);
  }
  for (const machine of all.filter(isFree)) {
    const owner = sets.find(({ metadata }) => machine.metadata.name.startsWith(`${metadata.name}-`));
    await take(machines, machine, 'MachineSet', owner);
  }
  return adopted;
}

const isOwned = ({ metadata }: KubeObject, owner: KubeObject) =>
  metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;
const ownedBy = (kind: string, { metadata }: KubeObject) => [
  { apiVersion: 'machine.sapcloud.io/v1alpha1', kind, name: metadata.name, uid: metadata.uid ?? '', controller: true },
];

async function hold<T extends KubeObject>(client: KubeClient, resource: Resource<T>, object: T, wanted: boolean) {
  const { finalizers = [], deletionTimestamp, resourceVersion } = object.metadata;
  const has = finalizers.includes(finalizer);
  if (has === wanted || (wanted && deletionTimestamp)) return;
  const next = wanted ? [...finalizers, finalizer] : finalizers.filter((name) => name !== finalizer);
  await client.mergePatch(resource, object.metadata, { metadata: { finalizers: next, resourceVersion } });
}

async function runMachine(client: KubeClient, machine: Machine, manager: State): Promise<void> {
  const { metadata, status } = machine;
  const write = (change: object) =>
    client.mergePatch(machines, metadata, { status: change }, { subresource: 'status' });
  if (metadata.deletionTimestamp) {
    if (manager.deletionFailure === undefined) return hold(client, machines, machine, false);
    await write({ lastOperation: { type: 'Delete', state: 'Failed', description: manager.deletionFailure } });
    return;
  }
  await hold(client, machines, machine, true);
  if (status?.currentStatus?.phase) return;
  const lastUpdateTime = new Date().toISOString();
  await write({ currentStatus: { phase: 'Running', lastUpdateTime } });
}

async function endAll<T extends KubeObject, O extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  own: readonly T[],
  ownerResource: Resource<O>,
  owner: O,
): Promise<void> {
  for (const one of own) if (!one.metadata.deletionTimestamp) await client.delete(resource, one.metadata);
  if (own.length === 0) await hold(client, ownerResource, owner, false);
}

async function runSet(client: KubeClient, set: MachineSet, own: readonly Machine[]): Promise<void> {
  await hold(client, machineSets, set, true);
  const { namespace, name } = set.metadata;
  const live = own.filter(({ metadata }) => !metadata.deletionTimestamp);
  const replicas = set.spec.replicas ?? 0;
  for (let count = live.length; count < replicas; count++) {
    const labels = { ...set.spec.template?.metadata?.labels };
    const metadata = { namespace, generateName: `${name}-`, labels, ownerReferences: ownedBy('MachineSet', set) };
    const spec = { ...(set.spec.template?.spec ?? { class: { kind: 'MachineClass', name: '' } }) };
    await client.create(machines, { metadata: { ...metadata, name: '' }, spec } as Machine);
  }
  for (const { metadata } of live.slice(replicas)) await client.delete(machines, metadata);
  if ((set.status?.replicas ?? 0) !== live.length) {
    await client.mergePatch(
      machineSets,
      set.metadata,
      { status: { replicas: live.length } },
      { subresource: 'status' },
    );
  }
}

async function runDeployment(
  client: KubeClient,
  deployment: MachineDeployment,
  own: readonly MachineSet[],
  all: readonly Machine[],
  manager: State,
): Promise<void> {
  await hold(client, machineDeployments, deployment, true);
  const { replicas = 0, template } = deployment.spec;
  const current = own.find((set) => set.spec.template?.spec.class.name === template.spec.class.name);
  if (!current) return createSet(client, deployment);
  const live = all.filter(({ metadata }) => !metadata.deletionTimestamp);
  const updated = live.filter((machine) => isOwned(machine, current)).length;
  for (const set of own) {
    const isReplaced = set !== current && updated >= replicas;
    await scale(client, set, set === current ? replicas : isReplaced ? 0 : set.spec.replicas);
    if (isReplaced && !all.some((machine) => isOwned(machine, set))) await client.delete(machineSets, set.metadata);
  }
  const total = live.filter((machine) => own.some((set) => isOwned(machine, set))).length;
  await writeStatus(client, deployment, { total, updated }, manager);
}

async function createSet(client: KubeClient, { metadata, spec }: MachineDeployment): Promise<void> {
  const { namespace = '', name } = metadata;
  const { template, selector = {}, replicas = 0 } = spec;
  await client.create(machineSets, {
    metadata: {
      namespace,
      name: `${name}-${template.spec.class.name.slice(-5)}`,
      labels: { ...template.metadata?.labels },
      ownerReferences: ownedBy('MachineDeployment', { metadata }),
    },
    spec: { replicas, selector, template },
  });
}

async function scale(client: KubeClient, set: MachineSet, replicas: number | undefined): Promise<void> {
  if (set.spec.replicas !== replicas) await client.mergePatch(machineSets, set.metadata, { spec: { replicas } });
}

async function writeStatus(
  client: KubeClient,
  { metadata, spec, status: before }: MachineDeployment,
  { total, updated }: { total: number; updated: number },
  manager: State,
): Promise<void> {
  const { replicas = 0 } = spec;
  const failure = manager.failing.get(metadata.name);
  const available = manager.held.has(metadata.name) || failure ? 0 : updated;
  const lastOperation = { type: 'Create', state: 'Failed', description: failure };
  const status = {
    observedGeneration: metadata.generation,
    replicas: total,
    updatedReplicas: updated,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicas - available),
    conditions: [{ type: 'Available', status: available >= replicas ? 'True' : 'False' }],
    failedMachines: failure ? [{ name: `${metadata.name}-1`, lastOperation }] : null,
  };
  const patch = patchOfFields(before, status);
  if (patch) await client.mergePatch(machineDeployments, metadata, { status: patch }, { subresource: 'status' });
}
