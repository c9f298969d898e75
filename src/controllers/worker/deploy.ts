import type { Worker, WorkerPool } from '../../apis/extensions/worker.ts';
import { machineClasses, machineDeployments, machines } from '../../apis/machine/machine.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import { ensureObject } from '../../kube/ensure.ts';
import { isNotFound } from '../../kube/errors.ts';
import { secrets } from '../../kube/secret.ts';
import { OperationError } from '../../providers/errors.ts';
import type { Operation } from '../../providers/provider.ts';
import { digest } from './caches.ts';
import { isHibernated, namespaceOf, type WorkerDependencies } from './dependencies.ts';
import { classPatch, desiredClass, desiredSecret, secretPatch } from './machine-class.ts';
import { machineDeploymentPatch, newMachineDeployment } from './machine-deployment.ts';
import type { MachineState } from './machine-state.ts';
import { replicasOf } from './replicas.ts';
import { type WantedDeployment, wantedDeployments } from './wanted.ts';

/** Calls that one Worker makes at the same time. */
export const atOnce = 10;

export interface Planned {
  readonly wanted: readonly WantedDeployment[];
  readonly providerStatus: unknown;
}

/** `restored`: names of classes that machines have, but that may not be there yet. */
export async function plan(
  operation: Operation<Worker>,
  { driver, caches }: WorkerDependencies,
  restored: readonly string[] = [],
): Promise<Planned> {
  const made = await driver.plan(operation);
  const present = caches.classes.list(namespaceOf(operation)).map(({ metadata }) => metadata.name);
  const existing = [...new Set([...present, ...restored])];
  const wanted = wantedDeployments(operation, made, (...facts) => driver.hash(...facts), existing);
  return { wanted, providerStatus: made.providerStatus };
}

/** The Secret before its class: a machine controller takes up a class with what it finds. */
export async function deployClasses(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  { kube, caches }: WorkerDependencies,
): Promise<void> {
  const { object, signal } = operation;
  const namespace = namespaceOf(operation);
  const userData = await readUserData(operation, wanted, kube);
  await forEachBounded(wanted, atOnce, async (one) => {
    const secret = desiredSecret(namespace, one, userData.get(one.pool.name) ?? '');
    const ofSecret = { desired: secret, patch: (live: typeof secret) => secretPatch(live, secret, digest) };
    await ensureObject(kube, secrets, caches.secrets, ofSecret, signal);
    const desired = desiredClass(object, one);
    const ofClass = { desired, patch: (live: typeof desired) => classPatch(live, desired) };
    await ensureObject(kube, machineClasses, caches.classes, ofClass, signal);
  });
}

/** Base64 by pool. */
async function readUserData(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  kube: WorkerDependencies['kube'],
): Promise<ReadonlyMap<string, string>> {
  const pools = new Map(wanted.map(({ pool }) => [pool.name, pool]));
  const found = new Map<string, string>();
  await forEachBounded(pools.values(), atOnce, async (pool: WorkerPool) => {
    const { name, key } = pool.userDataSecretRef ?? { name: '', key: '' };
    const secret = name
      ? await kube.find(secrets, { namespace: namespaceOf(operation), name }, { signal: operation.signal })
      : undefined;
    const data = secret?.data?.[key];
    if (!data) {
      throw new OperationError(
        `worker pool ${pool.name} has no user data: Secret "${name}" has no value for "${key}"; gardenlet writes it there when the OperatingSystemConfig of the pool is ready`,
      );
    }
    found.set(pool.name, data);
  });
  return found;
}

/** `state`: what the machines were on the seed that the shoot came from. */
export async function deployMachineDeployments(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  dependencies: WorkerDependencies,
  state?: MachineState,
): Promise<void> {
  const { kube, caches } = dependencies;
  const { object, signal } = operation;
  const namespace = namespaceOf(operation);
  const hibernated = isHibernated(operation);
  if (hibernated) await forceMachineDeletion(operation, dependencies);
  const existing = caches.deployments.list(namespace);
  const autoscaled = (object.spec.pools ?? []).some(({ minimum, maximum }) => maximum > minimum);
  const wakingUp = !hibernated && existing.length > 0 && existing.every(({ spec }) => !spec.replicas);

  await forEachBounded(wanted, atOnce, (one) => {
    const replicas = (current: number | undefined) =>
      replicasOf({ ...one, hibernated, autoscaled, wakingUp, current, restored: state?.get(one.name)?.replicas });
    const worker = object.metadata.name;
    const ensured = {
      desired: newMachineDeployment(namespace, one, worker, replicas(undefined)),
      patch: (live: ReturnType<typeof newMachineDeployment>) =>
        machineDeploymentPatch(live, one, worker, replicas(live.spec.replicas ?? 0)),
    };
    return ensureObject(kube, machineDeployments, caches.deployments, ensured, signal);
  });
}

const forceLabel = 'force-deletion';

/** What runs on the machines goes with the shoot: their nodes need not be drained. */
export async function forceMachineDeletion(
  operation: Operation<Worker>,
  { kube, caches }: WorkerDependencies,
): Promise<void> {
  const namespace = namespaceOf(operation);
  const unforced = caches.machines.list(namespace).filter(({ metadata }) => metadata.labels?.[forceLabel] !== 'True');
  await forEachBounded(unforced, atOnce, async ({ metadata: { name } }) => {
    const labels = { [forceLabel]: 'True' };
    const patched = await ignoreNotFound(
      kube.mergePatch(machines, { namespace, name }, { metadata: { labels } }, { signal: operation.signal }),
    );
    if (patched) caches.machines.remember(patched);
  });
}

async function ignoreNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
