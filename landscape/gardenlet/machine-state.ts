import {
  type Machine,
  type MachineSet,
  machineClasses,
  machineDeployments,
  machineSets,
  machines,
} from '../../src/apis/machine/machine.ts';
import { encodeMachineState, type MachineDeploymentState } from '../../src/controllers/worker/machine-state.ts';
import type { KubeClient, ListOptions } from '../../src/kube/client.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets } from './resources.ts';

/** What the machines of a control plane are, in the form of a ShootState; undefined when there are none. */
export async function machineStateOf(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<{ state: string } | undefined> {
  const [deployments, sets, all] = await Promise.all([
    client.list(machineDeployments, { namespace, signal }),
    client.list(machineSets, { namespace, signal }),
    client.list(machines, { namespace, signal }),
  ]);
  const joined = all.items.filter(({ metadata, spec }) => metadata.labels?.node || spec.providerID);
  const state = new Map<string, MachineDeploymentState>();
  for (const deployment of deployments.items) {
    const ownSets = sets.items.filter((set) => isOwned(set, deployment));
    if (ownSets.length === 0) continue;
    const own = joined.filter((machine) => [deployment, ...ownSets].some((owner) => isOwned(machine, owner)));
    state.set(deployment.metadata.name, {
      replicas: deployment.spec.replicas ?? 0,
      machineSets: ownSets.map(bare<MachineSet>),
      machines: own.map(bare<Machine>),
    });
  }
  return state.size > 0 ? encodeMachineState(state) : undefined;
}

const isOwned = ({ metadata }: KubeObject, owner: KubeObject): boolean =>
  metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;

function bare<T extends MachineSet | Machine>({ metadata, spec }: T): T {
  const { name, namespace, labels, annotations } = metadata;
  return { metadata: { name, namespace, labels, annotations }, spec } as T;
}

/** The objects go, the machines stay: nobody may act on their deletion, so finalizers are taken off. */
export async function forgetMachines(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  const purpose = (value: string) => ({ namespace, labelSelector: `gardener.cloud/purpose=${value}`, signal });
  for (const kind of [machineDeployments, machineSets, machines, machineClasses]) {
    await forget(client, kind, { namespace, signal });
  }
  await forget(client, secrets, purpose('machineclass'));
  await release(client, secrets, purpose('cloudprovider'));
}

async function forget(client: KubeClient, resource: Resource, list: ListOptions): Promise<void> {
  for (const { metadata } of await release(client, resource, list)) await client.delete(resource, metadata, list);
}

/** Takes the finalizers off; the objects that are still there. */
async function release(client: KubeClient, resource: Resource, list: ListOptions): Promise<readonly KubeObject[]> {
  const { items } = await client.list(resource, list);
  const left = await Promise.all(
    items.map(({ metadata }) => withoutFinalizers(client, resource, metadata, list.signal)),
  );
  return left.filter((object) => object !== undefined);
}

/** Undefined when it is gone. */
export async function withoutFinalizers(
  client: KubeClient,
  resource: Resource,
  key: ObjectKey,
  signal: AbortSignal | undefined,
): Promise<KubeObject | undefined> {
  try {
    return await client.mergePatch(resource, key, { metadata: { finalizers: null } }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
