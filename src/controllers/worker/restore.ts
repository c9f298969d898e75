import type { Worker } from '../../apis/extensions/worker.ts';
import { type Machine, type MachineSet, machineSets, machines } from '../../apis/machine/machine.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import type { Cache } from '../../kube/cache.ts';
import { ensureObject } from '../../kube/ensure.ts';
import type { Resource } from '../../kube/resource.ts';
import { OperationError } from '../../providers/errors.ts';
import type { Operation, Outcome } from '../../providers/provider.ts';
import { isHibernated, namespaceOf, type WorkerDependencies } from './dependencies.ts';
import { atOnce, deployClasses, deployMachineDeployments, plan } from './deploy.ts';
import { scaleManager } from './machine-controller-manager.ts';
import { decodeMachineState, type MachineState } from './machine-state.ts';
import { reconcile } from './reconcile.ts';
import type { WantedDeployment } from './wanted.ts';

/**
 * Makes the machine objects anew as they were on the other seed, so that the machines are found and none is made
 * (gardener-contract 2.10); then reconciles.
 */
export async function restore(
  operation: Operation<Worker>,
  dependencies: WorkerDependencies,
): Promise<Outcome<Worker>> {
  const { driver, kube } = dependencies;
  await driver.beforeRestore(operation);
  const state = await decodeMachineState(operation.object.status?.state);
  if (state.size > 0) await restoreMachines(operation, state, dependencies);
  if (!isHibernated(operation) && !(await scaleManager(kube, namespaceOf(operation), 1, operation.signal))) {
    throw new OperationError('machine-controller-manager does not exist yet; gardenlet deploys it');
  }
  return reconcile(operation, dependencies);
}

/** A MachineDeployment comes last: where there is one, its machines have been restored, and some may be gone by now. */
async function restoreMachines(
  operation: Operation<Worker>,
  state: MachineState,
  dependencies: WorkerDependencies,
): Promise<void> {
  const namespace = namespaceOf(operation);
  // A class that an operator has pinned is the one that the machines have: another would replace them all.
  const classes = [...state.values()].flatMap(({ machines: all }) => all.flatMap(({ spec }) => spec.class?.name ?? []));
  const { wanted } = await plan(operation, dependencies, classes);
  const known = wanted.filter(({ name }) => (state.get(name)?.machineSets.length ?? 0) > 0);
  const left = known.filter(({ name }) => !dependencies.caches.deployments.get({ namespace, name }));
  await deployClasses(operation, known, dependencies);
  await createAll(operation, left, state, dependencies);
  await deployMachineDeployments(operation, known, dependencies, state);
}

async function createAll(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  state: MachineState,
  { kube, caches }: WorkerDependencies,
): Promise<void> {
  const namespace = namespaceOf(operation);
  const states = wanted.flatMap(({ name }) => state.get(name) ?? []);
  const create = <T extends MachineSet | Machine>(resource: Resource<T>, cache: Cache<T>, objects: readonly T[]) =>
    forEachBounded(objects, atOnce, (object) => {
      const ensured = { desired: anew(object, namespace), patch: () => undefined };
      return ensureObject(kube, resource, cache, ensured, operation.signal);
    });
  for (const { machineSets: sets } of states) await create(machineSets, caches.sets, sets);
  for (const { machines: all } of states) await create(machines, caches.machines, all);
}

/** Only what was wanted of it; its owner is found by labels. */
function anew<T extends MachineSet | Machine>({ metadata, spec }: T, namespace: string): T {
  const { name, labels, annotations } = metadata;
  return {
    metadata: { name, namespace, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec,
  } as T;
}
