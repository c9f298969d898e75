import { controlPlanes } from '../../src/apis/extensions/resources.ts';
import type { FlowStep, Operation } from './context.ts';
import { needsForceDeletion } from './shoot.ts';
import {
  deployControlPlane,
  destroyControlPlane,
  waitControlPlaneDestroyed,
  waitForControlPlane,
} from './steps/control-plane.ts';
import { deleteNamespace, deployNamespace, waitNamespaceDeleted } from './steps/control-plane-namespace.ts';
import { deployCloudProvider, deploySecrets, refreshCloudProvider } from './steps/credentials.ts';
import {
  deleteManagedResources,
  destroyExtensions,
  forgetMachineObjects,
  waitExtensionsDestroyed,
} from './steps/force-delete.ts';
import {
  deployInfrastructure,
  destroyInfrastructure,
  waitForInfrastructure,
  waitInfrastructureDestroyed,
} from './steps/infrastructure.ts';
import { deleteMachineControllerManager, deployMachineControllerManager } from './steps/machine-controller-manager.ts';
import {
  forgetWorker,
  keepObjectsInShoot,
  migrateControlPlane,
  migrateInfrastructure,
  migrateWorker,
  persistShootState,
  restoreSecrets,
} from './steps/migrate.ts';
import {
  deleteDnsRecord,
  deleteKubeApiServer,
  deployDnsRecord,
  deployKubeApiServer,
  deployShootAccess,
  hibernate,
} from './steps/shoot-access.ts';
import { targetOf } from './steps/waiting.ts';
import {
  deleteOperatingSystemConfigs,
  deployOperatingSystemConfigs,
  deployWorker,
  destroyWorker,
  waitForWorker,
  waitWorkerDestroyed,
} from './steps/worker.ts';

/**
 * What gardenlet does for a Shoot, in its order, as far as this landscape has it. A further extension kind is two steps
 * more: deploy, and wait; and on the way back destroy, and wait, in front of what it depends on.
 */
const infrastructure: readonly FlowStep[] = [
  deployNamespace,
  restoreSecrets,
  deployCloudProvider,
  deploySecrets,
  deployInfrastructure,
  waitForInfrastructure,
];

const controlPlane: readonly FlowStep[] = [
  deployShootAccess,
  deployDnsRecord,
  deployKubeApiServer,
  deployControlPlane,
  waitForControlPlane,
];

const nodes: readonly FlowStep[] = [
  deployOperatingSystemConfigs,
  deployMachineControllerManager,
  deployWorker,
  waitForWorker,
];

/** Without an API server for Shoots there is nothing that a control plane could serve. */
export const reconcileFlow = ({ shootApi, shoot }: Operation): readonly FlowStep[] => {
  if (!shootApi) return infrastructure;
  return [...infrastructure, ...controlPlane, ...nodes, ...(shoot.spec.hibernation?.enabled ? [hibernate] : [])];
};

/** Extensions must be able to do their work once more before they are deleted, so the ControlPlane comes first. */
const beforeClusterDeletion: readonly FlowStep[] = [
  deployShootAccess,
  deployKubeApiServer,
  deployControlPlane,
  waitForControlPlane,
  deployMachineControllerManager,
];

const clusterDeletion: readonly FlowStep[] = [
  destroyWorker,
  waitWorkerDestroyed,
  deleteMachineControllerManager,
  deleteOperatingSystemConfigs,
  destroyControlPlane,
  waitControlPlaneDestroyed,
  deleteKubeApiServer,
  deleteDnsRecord,
];

/** Nothing is brought about any more, and what does not go is not waited for: extensions see the annotation in the Cluster. */
const forceDeleteFlow: readonly FlowStep[] = [
  destroyExtensions,
  deleteMachineControllerManager,
  forgetMachineObjects,
  waitExtensionsDestroyed,
  deleteDnsRecord,
  deleteManagedResources,
  deleteNamespace,
  waitNamespaceDeleted,
];

/** What an earlier attempt has deleted with the ControlPlane is not made anew: some of what it needs has gone as well. */
export async function deleteFlow(operation: Operation): Promise<readonly FlowStep[]> {
  const { shoot, shootApi, seed, signal } = operation;
  if (shootApi && needsForceDeletion(shoot)) return forceDeleteFlow;
  const hasControlPlane = await seed.find(controlPlanes, targetOf(controlPlanes, operation), { signal });
  return [
    refreshCloudProvider,
    ...(shootApi && hasControlPlane ? beforeClusterDeletion : []),
    ...(shootApi ? clusterDeletion : []),
    destroyInfrastructure,
    waitInfrastructureDestroyed,
    deleteNamespace,
    waitNamespaceDeleted,
  ];
}

/** The source seed's half of a move: nothing outside of it may notice (gardener-contract 1.12). */
export const migrateFlow: readonly FlowStep[] = [
  keepObjectsInShoot,
  deleteMachineControllerManager,
  migrateWorker,
  persistShootState,
  forgetWorker,
  migrateControlPlane,
  deleteKubeApiServer,
  migrateInfrastructure,
  deleteDnsRecord,
  deleteNamespace,
  waitNamespaceDeleted,
];
