import type { GardenShoot, ShootNetworkingStatus } from '../../src/plan/gardenlet/garden-shoot.ts';

export interface ShootLastOperation {
  description: string;
  lastUpdateTime: string;
  progress: number;
  state: 'Processing' | 'Succeeded' | 'Error' | 'Failed' | 'Pending' | 'Aborted';
  type: 'Create' | 'Reconcile' | 'Delete' | 'Migrate' | 'Restore';
}

export interface ShootLastError {
  description: string;
  taskID?: string;
  codes?: string[];
  lastUpdateTime?: string;
}

export interface ShootCondition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
  lastUpdateTime: string;
}

export interface ShootStatus {
  conditions?: ShootCondition[];
  gardener?: { id: string; name: string; version: string };
  hibernated?: boolean;
  credentials?: {
    rotation?: {
      certificateAuthorities?: { phase: string; lastInitiationTime?: string };
      serviceAccountKey?: { phase: string; lastInitiationTime?: string };
    };
  };
  lastErrors?: ShootLastError[];
  lastOperation?: ShootLastOperation;
  networking?: ShootNetworkingStatus;
  observedGeneration?: number;
  retryCycleStartTime?: string;
  seedName?: string;
  technicalID?: string;
  uid?: string;
}

/** The Shoot with all of the status that this gardenlet writes. */
export interface ShootObject extends GardenShoot {
  status?: ShootStatus;
}

export const gardenerFinalizer = 'gardener';
export const tasksAnnotation = 'shoot.gardener.cloud/tasks';
export const ignoreAnnotation = 'shoot.gardener.cloud/ignore';
const forceDeletionAnnotation = 'confirmation.gardener.cloud/force-deletion';
export const deployInfrastructureTask = 'deployInfrastructure';

/** What Go's ParseBool takes for true. */
const truths: readonly string[] = ['1', 't', 'T', 'true', 'TRUE', 'True'];
export const isTrue = (value: string | undefined): boolean => value !== undefined && truths.includes(value);

export const needsForceDeletion = (shoot: ShootObject): boolean =>
  Boolean(shoot.metadata.deletionTimestamp) && isTrue(shoot.metadata.annotations?.[forceDeletionAnnotation]);

export function hasTask(shoot: ShootObject, task: string): boolean {
  return (shoot.metadata.annotations?.[tasksAnnotation] ?? '').split(',').includes(task);
}

/** It hibernates, and nothing wakes it up: its deletion does. */
export const isAsleep = ({ metadata, spec, status }: ShootObject): boolean =>
  spec.hibernation?.enabled === true && status?.hibernated === true && !metadata.deletionTimestamp;
