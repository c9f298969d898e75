import type { KubeObject } from '../../../../kube/object.ts';
import type { ControlPlaneModel } from '../model.ts';
import { cloudControllerManagerRights } from './cloud-controller-manager-rbac.ts';
import { customResourceDefinitions } from './crds.ts';
import { droptailer } from './droptailer.ts';
import { durosRights } from './duros-rbac.ts';
import { firewallControllerManagerRights } from './firewall-controller-manager-rbac.ts';
import { firewallNamespace } from './firewall-namespace.ts';
import { metallb } from './metallb.ts';
import { clusterwidePolicies } from './network-policies.ts';
import { nodeCIDR } from './node-cidr.ts';
import { nodeInit } from './node-init.ts';

/** What a ControlPlane brings into its shoot, except for storage classes (metal-provider 4.3). */
export const shootObjects = (model: ControlPlaneModel): readonly KubeObject[] => [
  firewallNamespace(),
  ...customResourceDefinitions(model),
  ...clusterwidePolicies(model),
  ...droptailer(model),
  ...(model.loadBalancer === 'metallb' ? [...metallb(model), ...nodeInit(model)] : []),
  ...cloudControllerManagerRights(model),
  ...firewallControllerManagerRights(),
  ...(model.duros ? durosRights() : []),
  nodeCIDR(model),
];
