import type { ControlPlaneDriver } from '../../control-plane.ts';
import type { ProviderDependencies } from '../../provider.ts';
import { toOperationError } from '../errors.ts';
import { deleteWebhookConfigurations } from '../infrastructure/webhook-configurations.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { decide, type Setting } from './decide.ts';
import { intentOf } from './intent.ts';
import { createNetworkLists } from './network-lists.ts';
import { observe } from './observe.ts';
import { secretConfigs } from './secrets.ts';
import { seedObjects } from './seed/seed.ts';
import { shootObjects } from './shoot/shoot.ts';
import { storageClassObjects } from './storage-classes/storage-classes.ts';

export interface MetalControlPlaneDependencies extends ProviderDependencies, Setting {
  readonly metalApis: MetalApiRegistry;
}

/** ControlPlane of `metal`: metal-ccm, firewall-controller-manager, storage, and what they need in the shoot. */
export function createMetalControlPlane(dependencies: MetalControlPlaneDependencies): ControlPlaneDriver {
  const { kube, clock, metalApis, config } = dependencies;
  const networkLists = createNetworkLists(clock);
  return {
    secretConfigs,
    shootAccess: [
      'cloud-controller-manager',
      'firewall-controller-manager',
      ...(config.storage?.duros?.enabled ? ['duros-controller'] : []),
    ],
    async desired(context) {
      try {
        const intent = intentOf(context.operation);
        const observed = await observe(context, intent, { kube, metalApis, networkLists });
        const model = decide(context, intent, observed, dependencies);
        return {
          seed: seedObjects(model),
          shoot: shootObjects(model),
          storageClasses: storageClassObjects(model),
        };
      } catch (error) {
        throw toOperationError(error);
      }
    },
    // Firewalls are let go of with the Worker, before this, and the storage knows nothing of its Duros object.
    beforeMigration: async () => undefined,
    afterDeletion: ({ object, signal }) =>
      deleteWebhookConfigurations(kube, object.metadata.namespace ?? '', { signal }),
  };
}
