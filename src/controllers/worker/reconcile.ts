import type { Worker } from '../../apis/extensions/worker.ts';
import type { Operation, Outcome, StatusPatch } from '../../providers/provider.ts';
import { type Availability, availabilityOf, describeAvailability, hibernationOf } from './availability.ts';
import { cleanUp, unwantedDeployments } from './clean-up.ts';
import { isHibernated, namespaceOf, observe, type WorkerDependencies } from './dependencies.ts';
import { deployClasses, deployMachineDeployments, plan } from './deploy.ts';
import { isStuck, restartManager, scaleManager } from './machine-controller-manager.ts';
import { inPlaceUpdates, noteOf } from './status.ts';
import { failureOf, WaitTimeoutError, waitFor } from './wait.ts';
import type { WantedDeployment } from './wanted.ts';

/** After so long without the machines machine-controller-manager is looked at, so many times. */
const roundMs = 5 * 60_000;
const rounds = 3;

/** Wants machines, waits for them, then takes away what is not needed any more (gardener-contract 2.7). */
export async function reconcile(
  operation: Operation<Worker>,
  dependencies: WorkerDependencies,
): Promise<Outcome<Worker>> {
  const { driver, clock, kube } = dependencies;
  const namespace = namespaceOf(operation);
  await driver.beforeReconcile(operation);
  const { wanted, providerStatus } = await plan(operation, dependencies);
  await waitForRemains(operation, wanted, dependencies);
  await deployClasses(operation, wanted, dependencies);
  // Before machines are asked for: their images must be known as long as they live.
  await operation.checkpoint({ providerStatus });
  await deployMachineDeployments(operation, wanted, dependencies);
  await driver.afterReconcile(operation);

  const note = noteOf(operation.object, wanted, clock.now());
  await waitForMachines(operation, wanted, dependencies, note);
  const inPlace = inPlaceUpdates(operation, wanted, observe(dependencies, namespace));
  await cleanUp(operation, wanted, dependencies);
  if (isHibernated(operation)) await scaleManager(kube, namespace, 0, operation.signal);
  return { status: { providerStatus, ...note, ...inPlace } };
}

/** A pool that was taken away and comes back: what is being deleted cannot be used again. */
function waitForRemains(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  dependencies: WorkerDependencies,
): Promise<void> {
  const { deployments, classes } = dependencies.caches;
  const namespace = namespaceOf(operation);
  const check = () => {
    const left = wanted.flatMap(({ name, className }) => [
      deployments.get({ namespace, name }),
      classes.get({ namespace, name: className }),
    ]);
    const names = left.flatMap((one) => (one?.metadata.deletionTimestamp ? [one.metadata.name] : []));
    if (names.length === 0) return undefined;
    return { text: `Waiting for the end of what is being deleted: ${names.join(', ')}`, percent: 5 };
  };
  return waitFor(operation, dependencies, { check, timeoutMs: roundMs });
}

async function waitForMachines(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  dependencies: WorkerDependencies,
  note: StatusPatch<Worker>,
): Promise<void> {
  const { kube, clock, driver } = dependencies;
  const namespace = namespaceOf(operation);
  const look = isHibernated(operation) ? hibernationOf : availabilityOf;
  const state = () => look(wanted, observe(dependencies, namespace));
  const check = () => {
    const availability = state();
    const { failed, missing } = availability;
    if (failed.length > 0) throw failureOf(failed, (description) => driver.codesOf(description));
    return missing.length > 0
      ? { text: describeAvailability(availability), percent: percentOf(availability) }
      : undefined;
  };
  // gardenlet deploys cluster-autoscaler by this before it waits for the machines.
  const isLong = state().missing.length > 0 || unwantedDeployments(namespace, wanted, dependencies).length > 0;
  if (isLong) await operation.checkpoint(note);
  for (let round = 1; ; round++) {
    try {
      return await waitFor(operation, dependencies, { check, timeoutMs: roundMs });
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
      if (isStuck(wanted, observe(dependencies, namespace), clock.now())) {
        operation.log.warn({}, 'machine-controller-manager does nothing for a MachineDeployment, restarting it');
        await restartManager(kube, namespace, operation.signal);
      }
      if (round === rounds) throw error;
    }
  }
}

function percentOf({ available, desired }: Availability): number {
  return 20 + Math.floor(60 * Math.min(1, available / Math.max(1, desired)));
}
