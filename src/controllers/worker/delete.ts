import type { Worker } from '../../apis/extensions/worker.ts';
import { type Machine, machineClasses, machineDeployments, machineSets, machines } from '../../apis/machine/machine.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { secrets } from '../../kube/secret.ts';
import type { Operation, Outcome } from '../../providers/provider.ts';
import { waitForCredentials } from './credentials.ts';
import { namespaceOf, type WorkerDependencies } from './dependencies.ts';
import { atOnce, deployClasses, forceMachineDeletion, plan } from './deploy.ts';
import { purposeLabels } from './machine-class.ts';
import { failureOf, type Pending, waitFor } from './wait.ts';

const timeoutMs = 15 * 60_000;

/** Deletes all machine objects of the namespace and waits until the machines are gone (gardener-contract 2.9). */
export async function deleteWorker(
  operation: Operation<Worker>,
  dependencies: WorkerDependencies,
): Promise<Outcome<Worker>> {
  const { caches, driver } = dependencies;
  const namespace = namespaceOf(operation);
  if (caches.machines.list(namespace).length > 0) {
    await refreshClasses(operation, dependencies);
    await waitForCredentials(operation, dependencies, 'taken');
    await forceMachineDeletion(operation, dependencies);
  }
  await deleteAll(operation, dependencies);
  await waitFor(operation, dependencies, { check: () => remaining(operation, dependencies), timeoutMs });
  await waitForCredentials(operation, dependencies, 'released');
  await driver.afterDeletion(operation);
  return {};
}

/** The machine controller deletes machines with what the classes say: credentials may have changed since. */
async function refreshClasses(operation: Operation<Worker>, dependencies: WorkerDependencies): Promise<void> {
  const namespace = namespaceOf(operation);
  const { wanted } = await plan(operation, dependencies);
  const existing = wanted.filter(({ className: name }) => dependencies.caches.classes.get({ namespace, name }));
  await deployClasses(operation, existing, dependencies);
}

async function deleteAll(operation: Operation<Worker>, { kube, caches }: WorkerDependencies): Promise<void> {
  const namespace = namespaceOf(operation);
  const { signal } = operation;
  const live = <T extends KubeObject>(objects: readonly T[]) =>
    objects.filter(({ metadata }) => !metadata.deletionTimestamp);
  const deleteKind = async (resource: Resource, objects: readonly KubeObject[], labelSelector?: string) => {
    if (live(objects).length > 0) await kube.deleteCollection(resource, { namespace, labelSelector }, { signal });
  };
  await deleteKind(machineDeployments, caches.deployments.list(namespace));
  // Left by a restore that did not come to its MachineDeployment: nothing else would delete them.
  for (const [resource, objects] of [
    [machineSets, caches.sets.list(namespace)],
    [machines, caches.machines.list(namespace)],
  ] as const) {
    const orphans = live<KubeObject>(objects).filter(({ metadata }) => !metadata.ownerReferences?.length);
    await forEachBounded(orphans, atOnce, ({ metadata: { name } }) =>
      kube.delete(resource as Resource, { namespace, name }, { signal }),
    );
  }
  await deleteKind(machineClasses, caches.classes.list(namespace));
  for (const [label, value] of Object.entries(purposeLabels)) {
    const labelled = caches.secrets.list(namespace).filter(({ metadata }) => metadata.labels?.[label] === value);
    await deleteKind(secrets, labelled, `${label}=${value}`);
  }
}

function remaining(operation: Operation<Worker>, { caches, driver }: WorkerDependencies): Pending | undefined {
  const namespace = namespaceOf(operation);
  const left = caches.machines.list(namespace);
  const failed = left.filter(isDeletionFailed).map(({ metadata: { name }, status }) => ({
    name,
    ...(status?.lastOperation ? { lastOperation: status.lastOperation } : {}),
  }));
  if (failed.length > 0) throw failureOf(failed, (description) => driver.codesOf(description));
  if (left.length > 0) return { text: `Waiting for ${left.length} machine(s) to go: ${named(left)}`, percent: 40 };
  const others: readonly (readonly [string, readonly KubeObject[]])[] = [
    ['MachineSet', caches.sets.list(namespace)],
    ['MachineDeployment', caches.deployments.list(namespace)],
    ['MachineClass', caches.classes.list(namespace)],
    ['Secret', caches.secrets.list(namespace).filter(({ metadata }) => metadata.finalizers?.length)],
  ];
  const names = others.flatMap(([kind, objects]) => objects.map(({ metadata }) => `${kind} ${metadata.name}`));
  return names.length > 0 ? { text: `Waiting for the end of ${names.slice(0, 5).join(', ')}`, percent: 80 } : undefined;
}

/** The machine controller tries again by itself, some errors only after ten minutes. */
function isDeletionFailed({ status }: Machine): boolean {
  return status?.lastOperation?.type === 'Delete' && status.lastOperation.state === 'Failed';
}

function named(left: readonly Machine[]): string {
  const shown = left.slice(0, 5).map(({ metadata, status }) => {
    const description = status?.lastOperation?.description;
    return description ? `${metadata.name} (${description})` : metadata.name;
  });
  return `${shown.join(', ')}${left.length > shown.length ? ` and ${left.length - shown.length} more` : ''}`;
}
