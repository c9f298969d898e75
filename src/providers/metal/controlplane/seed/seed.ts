import type { KubeObject } from '../../../../kube/object.ts';
import type { ControlPlaneModel } from '../model.ts';
import { cloudControllerManager } from './cloud-controller-manager.ts';
import { durosController } from './duros-controller.ts';
import { firewallControllerManager } from './firewall-controller-manager.ts';
import { firewallWebhooks } from './firewall-webhooks.ts';
import { machineAlerts } from './machine-alerts.ts';
import { monitoring } from './monitoring.ts';
import { networkPolicies } from './network-policies.ts';

/** Everything of a cluster that runs in the seed (metal-provider 4.2). */
export function seedObjects(model: ControlPlaneModel): readonly KubeObject[] {
  return [
    ...cloudControllerManager(model),
    ...firewallControllerManager(model),
    ...firewallWebhooks(model),
    ...durosController(model),
    ...networkPolicies(model),
    ...monitoring(model),
    machineAlerts(model),
  ];
}
