import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { ProviderHealth } from '../../health.ts';
import { deploymentCheck, watchedDeployment } from './deployment.ts';
import { firewallCheck, watchedFirewalls } from './firewall.ts';
import { managedResourceCheck, watchedManagedResource } from './managed-resource.ts';
import { metallbCheck } from './metallb.ts';
import { nodesCheck, watchedMachines } from './nodes-check.ts';
import { durosCheck, durosControllerCheck, watchedDuros } from './storage.ts';

const controllers = ['cloud-controller-manager', 'firewall-controller-manager'];
const MACHINES = 'machine-controller-manager';
const SEED = 'extension-controlplane-seed';
const SHOOT = 'extension-controlplane-shoot';
const STORAGE_CLASSES = 'extension-controlplane-storageclasses';
/** Made only where this process serves webhooks for shoots. */
const WEBHOOKS = 'extension-controlplane-shoot-webhooks';

/** Which parts of a cluster of `metal` must be well for which condition (metal-provider 3.5, gardener-contract 5.6). */
export function metalHealth({ storage }: ControllerConfiguration): ProviderHealth {
  const usesDuros = storage?.duros?.enabled ?? false;
  return {
    controlPlane: {
      watched: [
        ...controllers.map(watchedDeployment),
        ...[SEED, SHOOT, STORAGE_CLASSES, WEBHOOKS].map(watchedManagedResource),
        watchedFirewalls,
        ...(usesDuros ? [watchedDeployment('duros-controller'), watchedDuros] : []),
      ],
      checks: [
        ...controllers.map(deploymentCheck),
        ...(usesDuros ? [durosControllerCheck] : []),
        managedResourceCheck('ControlPlaneHealthy', SEED),
        managedResourceCheck('SystemComponentsHealthy', SHOOT),
        managedResourceCheck('SystemComponentsHealthy', STORAGE_CLASSES),
        managedResourceCheck('SystemComponentsHealthy', WEBHOOKS, true),
        ...(usesDuros ? [durosCheck] : []),
        firewallCheck,
        metallbCheck,
      ],
    },
    worker: {
      watched: [watchedDeployment(MACHINES), ...watchedMachines],
      checks: [deploymentCheck(MACHINES), nodesCheck],
      // The Go extension wrote it in former versions.
      formerConditions: ['SystemComponentsHealthy'],
    },
  };
}
