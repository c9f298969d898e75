import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { isConflict, isNotFound, toError } from '../../src/kube/errors.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { keyOf, parseKey } from '../../src/kube/object.ts';
import type { Bell } from './bell.ts';
import type { Operation } from './context.ts';
import { shootOperationType, shouldOperate } from './decision.ts';
import { readEnvironment } from './environment.ts';
import { isNonRetryable, StepError } from './error-codes.ts';
import { FlowError, runFlow } from './flow.ts';
import { deleteFlow, migrateFlow, reconcileFlow } from './flows.ts';
import { clusters, shoots } from './resources.ts';
import {
  gardenerFinalizer,
  type ShootLastError,
  type ShootObject,
  type ShootStatus,
  tasksAnnotation,
} from './shoot.ts';
import type { ControlPlanes } from './shoot-access.ts';
import { deleteShootState, shootStates } from './shoot-state.ts';
import { errorStatus, patchStatus, startStatus, successStatus } from './shoot-status.ts';
import { syncCluster } from './sync-cluster.ts';
import { parseTime } from './time.ts';
import type { WaitSettings } from './wait.ts';

export interface OperateDependencies {
  readonly garden: KubeClient;
  readonly seed: KubeClient;
  readonly seedName: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly wait: WaitSettings;
  readonly bell: Bell;
  /** For how long errors are tried again before the Shoot becomes Failed. */
  readonly retryForMs: number;
  readonly controlPlanes?: ControlPlanes | undefined;
  readonly report: (shoot: string, reason: string, codes: readonly string[]) => void;
}

/**
 * One operation on one Shoot, from the decision whether there is anything to do to its last status. Throws when it is to
 * be tried again; the Shoot's status says so already.
 */
export async function operate(deps: OperateDependencies, key: string, signal: AbortSignal): Promise<void> {
  const shoot = await deps.garden.find(shoots, parseKey(key), { signal });
  if (!shoot || !isOurs(shoot, deps.seedName) || !shouldOperate(shoot)) return;
  if (shoot.metadata.deletionTimestamp && !shoot.status?.uid) return removeFinalizer(deps, shoot, signal);
  const operation = await prepare(deps, await ensureFinalizer(deps, shoot, signal), signal);
  if (!operation) return;
  try {
    await run(operation, async () => deps.controlPlanes?.release(operation.namespace));
  } catch (error) {
    signal.throwIfAborted();
    const found = await deps.garden.find(shoots, parseKey(key), { signal });
    if (!found) return;
    const { retry, shoot: recorded } = await recordError(deps, found, toError(error), signal);
    if (retry) throw error;
    operation.shoot = recorded;
    await syncCluster(operation);
  }
}

export function isOurs(shoot: ShootObject, seedName: string): boolean {
  return (shoot.status?.seedName ?? shoot.spec.seedName) === seedName;
}

async function ensureFinalizer(
  { garden }: OperateDependencies,
  shoot: ShootObject,
  signal: AbortSignal,
): Promise<ShootObject> {
  const { finalizers = [], resourceVersion, deletionTimestamp } = shoot.metadata;
  if (deletionTimestamp || finalizers.includes(gardenerFinalizer)) return shoot;
  const metadata = { resourceVersion, finalizers: [...finalizers, gardenerFinalizer] };
  return garden.mergePatch(shoots, shoot.metadata, { metadata }, { signal });
}

/** Undefined when it cannot even begin, and trying again is no use. */
async function prepare(
  deps: OperateDependencies,
  shoot: ShootObject,
  signal: AbortSignal,
): Promise<Operation | undefined> {
  try {
    return await begin(deps, shoot, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { generation } = shoot.metadata;
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    const { retry } = await recordError(deps, shoot, toError(error), signal, observed);
    if (retry) throw error;
    return undefined;
  }
}

async function begin(deps: OperateDependencies, shoot: ShootObject, signal: AbortSignal): Promise<Operation> {
  const { garden, seed, clock, wait, bell } = deps;
  const key = keyOf(shoot.metadata);
  const environment = await readEnvironment(garden, shoot, deps.seedName, signal);
  const operation: Operation = {
    ...environment,
    ...{ garden, seed, clock, wait, bell, signal, shoot },
    infrastructureConfig: shoot.spec.provider.infrastructureConfig,
    shootApi: await deps.controlPlanes?.acquire(environment.namespace),
    log: deps.log.child({ shoot: key }),
    report: (reason, codes) => deps.report(key, reason, codes),
  };
  const type = shootOperationType(shoot);
  if (type === 'Restore') operation.shootState = await garden.get(shootStates, shoot.metadata, { signal });
  await patchStatus(operation, startStatus(shoot, type, operation.namespace, clock.now()));
  return operation;
}

async function run(operation: Operation, release: () => Promise<void>): Promise<void> {
  await syncCluster(operation);
  const type = currentType(operation);
  if (type === 'Delete') return runDelete(operation, release);
  if (type === 'Migrate') return runMigrate(operation, release);
  await runFlow(operation, reconcileFlow(operation));
  await removeTasks(operation);
  await patchStatus(operation, {
    ...successStatus(type, operation.clock.now()),
    hibernated: operation.shoot.spec.hibernation?.enabled === true,
  });
  await syncCluster(operation);
  if (type === 'Restore') await deleteShootState(operation.garden, operation.shoot.metadata, operation.signal);
}

/** The Shoot is the destination's from the moment on in which no seed is said to have it. */
async function runMigrate(operation: Operation, release: () => Promise<void>): Promise<void> {
  await runFlow(operation, migrateFlow);
  const { seed, namespace, signal } = operation;
  await seed.delete(clusters, { name: namespace }, { signal });
  await release();
  await patchStatus(operation, { ...successStatus('Migrate', operation.clock.now()), seedName: null });
}

const currentType = ({ shoot }: Operation) => shoot.status?.lastOperation?.type ?? shootOperationType(shoot);

async function runDelete(operation: Operation, release: () => Promise<void>): Promise<void> {
  await runFlow(operation, await deleteFlow(operation));
  const { seed, namespace, signal } = operation;
  await seed.delete(clusters, { name: namespace }, { signal });
  await patchStatus(operation, successStatus('Delete', operation.clock.now()));
  await removeFinalizer(operation, operation.shoot, signal);
  await release();
}

async function removeFinalizer(
  { garden }: { garden: KubeClient },
  shoot: ShootObject,
  signal: AbortSignal,
): Promise<void> {
  const { finalizers = [], resourceVersion } = shoot.metadata;
  const rest = finalizers.filter((finalizer) => finalizer !== gardenerFinalizer);
  try {
    await garden.mergePatch(shoots, shoot.metadata, { metadata: { resourceVersion, finalizers: rest } }, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * The tasks are done, unless the user has changed the infrastructure meanwhile: then they belong to the next operation,
 * which comes because the generation is newer than the observed one.
 */
async function removeTasks(operation: Operation): Promise<void> {
  const { garden, signal } = operation;
  for (;;) {
    const { annotations, resourceVersion } = operation.shoot.metadata;
    const { infrastructureConfig } = operation.shoot.spec.provider;
    if (annotations?.[tasksAnnotation] === undefined) return;
    if (!isDeepStrictEqual(infrastructureConfig, operation.infrastructureConfig)) return;
    try {
      const patch = { metadata: { resourceVersion, annotations: { [tasksAnnotation]: null } } };
      operation.shoot = await garden.mergePatch(shoots, operation.shoot.metadata, patch, { signal });
    } catch (error) {
      if (!isConflict(error)) throw error;
      operation.shoot = await garden.get(shoots, operation.shoot.metadata, { signal });
    }
  }
}

/** Writes the error into the Shoot's status, as Failed when trying again is no use. */
async function recordError(
  { garden, clock, retryForMs }: OperateDependencies,
  shoot: ShootObject,
  error: Error,
  signal: AbortSignal,
  observed: Pick<ShootStatus, 'observedGeneration'> = {},
): Promise<{ readonly retry: boolean; readonly shoot: ShootObject }> {
  const now = clock.now();
  const described = describe(error);
  const since = parseTime(shoot.status?.retryCycleStartTime ?? '') ?? now;
  const giveUp = isNonRetryable(described.codes ?? []) || now - since > retryForMs;
  const status = {
    ...observed,
    ...errorStatus(shoot, shootOperationType(shoot), described, giveUp, now),
  };
  const patched = await garden.mergePatch(shoots, shoot.metadata, { status }, { subresource: 'status', signal });
  return { retry: !giveUp, shoot: patched };
}

function describe(error: Error): ShootLastError {
  const task = error instanceof FlowError ? { taskID: error.task } : {};
  const codes = error instanceof FlowError || error instanceof StepError ? error.codes : [];
  return { description: error.message, ...task, ...(codes.length > 0 ? { codes: [...codes] } : {}) };
}
