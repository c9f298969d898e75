import type { FlowStep } from './context.ts';
import { deleteNamespace, deployNamespace, waitNamespaceDeleted } from './steps/control-plane-namespace.ts';
import { deployCloudProvider, deploySecrets, refreshCloudProvider } from './steps/credentials.ts';
import {
  deployInfrastructure,
  destroyInfrastructure,
  waitForInfrastructure,
  waitInfrastructureDestroyed,
} from './steps/infrastructure.ts';

/**
 * What gardenlet does for a Shoot, in its order, as far as this landscape has it. A further extension kind is two steps
 * more: deploy, and wait; and on the way back destroy, and wait, in front of what it depends on.
 */
export const reconcileFlow: readonly FlowStep[] = [
  deployNamespace,
  deployCloudProvider,
  deploySecrets,
  deployInfrastructure,
  waitForInfrastructure,
];

/** Force deletion takes the same way: the extensions see the annotation through the Cluster. */
export const deleteFlow: readonly FlowStep[] = [
  refreshCloudProvider,
  destroyInfrastructure,
  waitInfrastructureDestroyed,
  deleteNamespace,
  waitNamespaceDeleted,
];
