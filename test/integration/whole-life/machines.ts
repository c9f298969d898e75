import { setTimeout as delay } from 'node:timers/promises';
import { type Deployment, deployments } from '../../../landscape/gardenlet/resources.ts';
import { send } from '../../../landscape/metal-api/test-client.ts';
import { type Machine, type MachineClass, machineClasses, machines } from '../../../src/apis/machine/machine.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ApiError, isAlreadyExists } from '../../../src/kube/errors.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { defineResource, type Resource } from '../../../src/kube/resource.ts';
import { secrets } from '../../../src/kube/secret.ts';

export interface MachinesOptions {
  readonly seed: KubeClient;
  readonly shoot: KubeClient;
  /** Base URL. */
  readonly metalApi: string;
  readonly signal: AbortSignal;
}

const finalizer = 'machine.sapcloud.io/machine-controller-manager';
const manager = 'machine-controller-manager';
const nodes = defineResource<KubeObject>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
});

/**
 * Plays the machine controller: the half of machine-controller-manager that belongs to a provider (metal-components F.4,
 * F.6). It runs wherever machine-controller-manager has replicas, as its sidecar does. Machines join at once.
 */
export async function playMachineController(options: MachinesOptions): Promise<void> {
  const { seed, signal } = options;
  while (!signal.aborted) {
    const { items } = await seed.list(deployments, { fieldSelector: `metadata.name=${manager}` });
    for (const { metadata } of items.filter(isUp)) {
      await tick(options, metadata.namespace ?? '').catch(ignoreRaces);
    }
    await delay(50);
  }
}

const isUp = ({ spec, metadata }: Deployment): boolean => spec.replicas > 0 && !metadata.deletionTimestamp;

function ignoreRaces(error: unknown): void {
  if (!(error instanceof ApiError) || ![404, 409, 422].includes(error.code)) throw error;
}

async function tick(options: MachinesOptions, namespace: string): Promise<void> {
  const { seed } = options;
  const [all, classes] = await Promise.all([
    seed.list(machines, { namespace }),
    seed.list(machineClasses, { namespace }),
  ]);
  const used = new Set(all.items.map(({ spec }) => spec.class.name));
  const byName = new Map(classes.items.map((one) => [one.metadata.name, one]));
  await holdClasses(seed, namespace, classes.items, used);
  for (const machine of all.items) {
    const machineClass = byName.get(machine.spec.class.name);
    if (machine.metadata.deletionTimestamp) await end(options, machine);
    else if (machineClass?.metadata.finalizers?.includes(finalizer)) await join(options, machine, machineClass);
  }
}

/** What machines need must not go before them. */
async function holdClasses(
  seed: KubeClient,
  namespace: string,
  classes: readonly MachineClass[],
  used: ReadonlySet<string>,
): Promise<void> {
  const wanted = new Map<string, boolean>();
  for (const { metadata, secretRef, credentialsSecretRef } of classes) {
    const isUsed = used.has(metadata.name);
    for (const ref of [secretRef, credentialsSecretRef]) {
      if (ref) wanted.set(ref.name, isUsed || (wanted.get(ref.name) ?? false));
    }
  }
  for (const [name, isUsed] of wanted) {
    const secret = await seed.find(secrets, { namespace, name });
    if (secret) await hold(seed, secrets, secret, isUsed);
  }
  for (const one of classes) await hold(seed, machineClasses, one, used.has(one.metadata.name));
}

async function hold<T extends KubeObject>(client: KubeClient, resource: Resource<T>, object: T, wanted: boolean) {
  const { finalizers = [], deletionTimestamp, resourceVersion } = object.metadata;
  if (finalizers.includes(finalizer) === wanted || (wanted && deletionTimestamp)) return;
  const next = wanted ? [...finalizers, finalizer] : finalizers.filter((name) => name !== finalizer);
  await client.mergePatch(resource, object.metadata, { metadata: { finalizers: next, resourceVersion } });
}

async function join(options: MachinesOptions, machine: Machine, machineClass: MachineClass): Promise<void> {
  const { seed, shoot } = options;
  if (machine.status?.currentStatus?.phase === 'Running') return;
  await hold(seed, machines, machine, true);
  const { name } = machine.metadata;
  const providerID = machine.spec.providerID ?? (await allocate(options, name, machineClass));
  await ignoreExisting(shoot.create(nodes, { metadata: { name } }));
  const metadata = { labels: { node: name }, annotations: { 'machinepriority.machine.sapcloud.io': '3' } };
  await seed.mergePatch(machines, machine.metadata, { metadata, spec: { providerID } });
  const lastUpdateTime = new Date().toISOString();
  const status = {
    currentStatus: { phase: 'Running', timeoutActive: false, lastUpdateTime },
    lastOperation: {
      description: `Machine ${name} successfully joined the cluster`,
      type: 'Create',
      state: 'Successful',
      lastUpdateTime,
    },
  };
  await seed.mergePatch(machines, machine.metadata, { status }, { subresource: 'status' });
}

async function ignoreExisting(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

const admin = { authorization: 'Bearer admin-token' };

interface ProviderSpec {
  readonly partition: string;
  readonly size: string;
  readonly image: string;
  readonly project: string;
  readonly network: string;
  readonly tags: readonly string[];
}

async function allocate({ metalApi }: MachinesOptions, name: string, { providerSpec }: MachineClass): Promise<string> {
  const { partition, size, image, project, network, tags } = providerSpec as ProviderSpec;
  const found = await send(`${metalApi}/v1/machine/find`, 'POST', admin, { allocation_hostname: name });
  const { status, body } =
    found.body.length > 0
      ? { status: 200, body: found.body[0] }
      : await send(`${metalApi}/v1/machine/allocate`, 'POST', admin, {
          ...{ name, hostname: name, tags, description: `${name} created by Gardener` },
          ...{ partitionid: partition, sizeid: size, imageid: image, projectid: project },
          networks: [{ networkid: network, autoacquire: true }],
        });
  if (status !== 200) throw new Error(`metal-api allocates no machine: ${status} ${JSON.stringify(body)}`);
  return `metal://${partition}/${body.id}`;
}

async function end({ seed, shoot, metalApi }: MachinesOptions, machine: Machine): Promise<void> {
  const id = machine.spec.providerID?.split('/').at(-1);
  if (id) await send(`${metalApi}/v1/machine/${id}/free`, 'DELETE', admin);
  await shoot.delete(nodes, { name: machine.metadata.name });
  await hold(seed, machines, machine, false);
}
