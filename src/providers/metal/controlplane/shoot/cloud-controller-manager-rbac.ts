import type { V1PolicyRule } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import type { ControlPlaneModel } from '../model.ts';
import { ALL, clusterRights, READ, rule } from '../rbac.ts';

const events = rule('', 'events', ['create', 'patch', 'update']);

/** Its controllers have accounts of their own, for which it takes tokens; cloud-node is the one that needs more rights. */
export const cloudControllerManagerRights = ({ loadBalancer }: ControlPlaneModel): readonly KubeObject[] => [
  ...clusterRights('system:controller:cloud-node-controller', account('cloud-node-controller'), [
    rule('', 'nodes', ['delete', 'get', 'patch', 'update', 'list']),
    rule('', 'nodes/status', ['patch']),
    events,
  ]),
  ...clusterRights('cloud-controller-manager', account('cloud-controller-manager'), [
    events,
    rule('', 'nodes', [...READ, 'update']),
    rule('', 'nodes/status', ['patch']),
    rule('', ['services', 'services/status'], [...READ, 'patch', 'update']),
    rule('', ['serviceaccounts', 'serviceaccounts/token'], [...READ, 'create', 'update']),
    rule('', 'persistentvolumes', [...READ, 'update']),
    rule('', 'endpoints', [...READ, 'create', 'update']),
    rule('', ['secrets', 'configmaps'], ALL),
    rule('coordination.k8s.io', 'leases', ['get', 'create', 'update']),
    // Who asks for its metrics is looked up.
    rule('authentication.k8s.io', 'tokenreviews', ['create']),
    rule('authorization.k8s.io', 'subjectaccessreviews', ['create']),
    announcements[loadBalancer],
  ]),
];

const account = (name: string) => ({ name, namespace: 'kube-system' });

/** What it writes for the addresses of load balancers (metal-components A.9, A.10). */
const announcements: Readonly<Record<ControlPlaneModel['loadBalancer'], V1PolicyRule>> = {
  metallb: rule('metallb.io', ['bgppeers', 'ipaddresspools', 'bgpadvertisements'], ALL),
  cilium: rule('cilium.io', ['ciliumbgppeeringpolicies', 'ciliumloadbalancerippools'], ALL),
};
