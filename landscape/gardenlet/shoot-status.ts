import { timestamp } from '../../src/kube/timestamp.ts';
import type { Operation } from './context.ts';
import { shoots } from './resources.ts';
import type { ShootCondition, ShootLastError, ShootLastOperation, ShootObject, ShootStatus } from './shoot.ts';

type Type = ShootLastOperation['type'];

const identity = { id: 'espalier-landscape', name: 'gardenlet', version: 'v1.145.0' };

/** Merge-patches the status and keeps what came back. Null removes a field. */
export async function patchStatus(operation: Operation, status: object): Promise<void> {
  const { garden, signal, shoot } = operation;
  operation.shoot = await garden.mergePatch(shoots, shoot.metadata, { status }, { subresource: 'status', signal });
}

const started: Record<Type, string> = {
  Create: 'Creation of the Shoot has begun',
  Reconcile: 'Reconciliation of the Shoot has begun',
  Delete: 'Deletion of the Shoot has begun',
  Migrate: 'Preparation of the Shoot for migration has begun',
  Restore: 'Restoration of the Shoot has begun',
};

const finished: Record<Type, string> = {
  Create: 'The Shoot has been created',
  Reconcile: 'The Shoot has been reconciled',
  Delete: 'The Shoot has been deleted',
  Migrate: 'The Shoot has been prepared for migration',
  Restore: 'The Shoot has been restored',
};

/** What gardenlet writes when it begins: identity, technical id, and the generation that it is going to work on. */
export function startStatus(shoot: ShootObject, type: Type, technicalID: string, now: number): ShootStatus {
  const status = shoot.status ?? {};
  const restart = !status.retryCycleStartTime || status.observedGeneration !== shoot.metadata.generation;
  const seedName = type === 'Delete' || type === 'Migrate' ? undefined : shoot.spec.seedName;
  return {
    gardener: identity,
    technicalID,
    uid: status.uid || (shoot.metadata.uid ?? ''),
    ...(seedName ? { seedName } : {}),
    ...(restart ? { retryCycleStartTime: timestamp(now) } : {}),
    ...(shoot.metadata.generation === undefined ? {} : { observedGeneration: shoot.metadata.generation }),
    ...(status.conditions?.length ? {} : { conditions: unknownConditions(now) }),
    lastOperation: lastOperation(type, 'Processing', 0, started[type], now),
  };
}

/** No care controller runs in this landscape, so nothing is claimed about the cluster's health. */
function unknownConditions(now: number): ShootCondition[] {
  const time = timestamp(now);
  return ['ControlPlaneHealthy', 'SystemComponentsHealthy'].map((type) => ({
    type,
    status: 'Unknown',
    reason: 'ConditionInitialized',
    message: 'Nothing in this landscape checks the health of the cluster.',
    lastTransitionTime: time,
    lastUpdateTime: time,
  }));
}

export function lastOperation(
  type: Type,
  state: ShootLastOperation['state'],
  progress: number,
  description: string,
  now: number,
): ShootLastOperation {
  return { type, state, progress, description, lastUpdateTime: timestamp(now) };
}

export function successStatus(type: Type, now: number): object {
  return {
    lastOperation: lastOperation(type, 'Succeeded', 100, finished[type], now),
    lastErrors: null,
    retryCycleStartTime: null,
  };
}

/** Failed when trying again is no use, or has been tried for too long; else Error. */
export function errorStatus(
  shoot: ShootObject,
  type: Type,
  error: ShootLastError,
  giveUp: boolean,
  now: number,
): object {
  const progress = shoot.status?.lastOperation?.progress ?? 0;
  const description = giveUp ? error.description : `${error.description} The operation will be tried again.`;
  return {
    lastOperation: lastOperation(type, giveUp ? 'Failed' : 'Error', progress, description, now),
    lastErrors: [{ ...error, lastUpdateTime: timestamp(now) }],
    ...(giveUp ? { retryCycleStartTime: null } : {}),
  };
}
