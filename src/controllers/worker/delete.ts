import type { Worker } from '../../apis/extensions/worker.ts';
import { type Machine, machineClasses, machineDeployments, machineSets, machines } from '../../apis/machine/machine.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { secrets } from '../../kube/secret.ts';
import { OperationError } from '../../providers/errors.ts';
import type { Operation, Outcome } from '../../providers/provider.ts';
import { waitForCredentials } from './credentials.ts';
import { namespaceOf, type WorkerDependencies } from './dependencies.ts';
import { atOnce, deployClasses, forceMachineDeletion, plan } from './deploy.ts';
import { purposeLabels } from './machine-class.ts';
import { named } from './named.ts';
import { failureOf, type Pending, waitFor } from './wait.ts';

const timeoutMs = 15 * 60_000;

/**
 * Deletes all machine objects of the namespace and waits until the machines are gone (gardener-contract 2.9). Classes and
 * Secrets go after the last machine: a machine controller deletes a machine only with its class.
 */
export async function deleteWorker(
  operation: Operation<Worker>,
  dependencies: WorkerDependencies,
): Promise<Outcome<Worker>> {
  const { caches, driver } = dependencies;
  if (caches.machines.list(namespaceOf(operation)).length > 0) {
    await refreshClasses(operation, dependencies);
    await waitForCredentials(operation, dependencies, 'taken');
    await forceMachineDeletion(operation, dependencies);
  }
  await deleteMachines(operation, dependencies);
  await waitFor(operation, dependencies, { check: () => machinesLeft(operation, dependencies), timeoutMs });
  await deleteClasses(operation, dependencies);
  await waitFor(operation, dependencies, { check: () => classesLeft(operation, dependencies), timeoutMs });
  await waitForCredentials(operation, dependencies, 'released');
  await driver.afterDeletion(operation);
  return {};
}

/**
 * The machine controller deletes machines with what the classes say: credentials may have changed since. A Worker that
 * cannot be planned any more, say because its image is not known now, can be deleted as its classes are.
 */
async function refreshClasses(operation: Operation<Worker>, dependencies: WorkerDependencies): Promise<void> {
  const namespace = namespaceOf(operation);
  try {
    const { wanted } = await plan(operation, dependencies);
    const existing = wanted.filter(({ className: name }) => dependencies.caches.classes.get({ namespace, name }));
    await deployClasses(operation, existing, dependencies);
  } catch (error) {
    if (!(error instanceof OperationError) || operation.signal.aborted) throw error;
    operation.log.warn(
      { error: error.message },
      'machine classes could not be refreshed, deleting with them as they are',
    );
  }
}

const live = <T extends KubeObject>(objects: readonly T[]) =>
  objects.filter(({ metadata }) => !metadata.deletionTimestamp);

async function deleteMachines(operation: Operation<Worker>, { kube, caches }: WorkerDependencies): Promise<void> {
  const namespace = namespaceOf(operation);
  const { signal } = operation;
  if (live(caches.deployments.list(namespace)).length > 0) {
    await kube.deleteCollection(machineDeployments, { namespace }, { signal });
  }
  // Left by a restore that did not come to its MachineDeployment: nothing else would delete them.
  const deleteOrphans = (resource: Resource, objects: readonly KubeObject[]) =>
    forEachBounded(
      live(objects).filter(({ metadata }) => !metadata.ownerReferences?.length),
      atOnce,
      ({ metadata: { name } }) => kube.delete(resource, { namespace, name }, { signal }),
    );
  await deleteOrphans(machineSets, caches.sets.list(namespace));
  await deleteOrphans(machines, caches.machines.list(namespace));
}

async function deleteClasses(operation: Operation<Worker>, { kube, caches }: WorkerDependencies): Promise<void> {
  const namespace = namespaceOf(operation);
  const { signal } = operation;
  if (live(caches.classes.list(namespace)).length > 0) {
    await kube.deleteCollection(machineClasses, { namespace }, { signal });
  }
  for (const [label, value] of Object.entries(purposeLabels)) {
    const labelled = caches.secrets.list(namespace).filter(({ metadata }) => metadata.labels?.[label] === value);
    if (live(labelled).length === 0) continue;
    await kube.deleteCollection(secrets, { namespace, labelSelector: `${label}=${value}` }, { signal });
  }
}

function machinesLeft(operation: Operation<Worker>, { caches, driver }: WorkerDependencies): Pending | undefined {
  const namespace = namespaceOf(operation);
  const left = caches.machines.list(namespace);
  const failed = left.filter(isDeletionFailed).map(({ metadata: { name }, status }) => ({
    name,
    ...(status?.lastOperation ? { lastOperation: status.lastOperation } : {}),
  }));
  if (failed.length > 0) throw failureOf(failed, (description) => driver.codesOf(description));
  if (left.length > 0) return { text: `Waiting for ${left.length} machine(s) to go: ${named(left)}`, percent: 40 };
  return waitForEnd({
    MachineSet: caches.sets.list(namespace),
    MachineDeployment: caches.deployments.list(namespace),
  });
}

function classesLeft(operation: Operation<Worker>, { caches }: WorkerDependencies): Pending | undefined {
  const namespace = namespaceOf(operation);
  return waitForEnd({
    MachineClass: caches.classes.list(namespace),
    Secret: caches.secrets.list(namespace).filter(({ metadata }) => metadata.finalizers?.length),
  });
}

function waitForEnd(kinds: Readonly<Record<string, readonly KubeObject[]>>): Pending | undefined {
  const names = Object.entries(kinds).flatMap(([kind, all]) => all.map(({ metadata }) => `${kind} ${metadata.name}`));
  return names.length > 0 ? { text: `Waiting for the end of ${names.slice(0, 5).join(', ')}`, percent: 80 } : undefined;
}

/** The machine controller tries again by itself, some errors only after ten minutes. */
function isDeletionFailed({ status }: Machine): boolean {
  return status?.lastOperation?.type === 'Delete' && status.lastOperation.state === 'Failed';
}
