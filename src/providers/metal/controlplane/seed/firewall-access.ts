import type { KubeObject } from '../../../../kube/object.ts';
import { role, roleBinding, serviceAccount } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';

const NAME = 'firewall-controller-manager';
const KEEP = ['get', 'list', 'watch', 'create', 'update', 'patch'];
const FIREWALLS = ['firewalls', 'firewallsets', 'firewalldeployments'];

/**
 * What firewall-controller-manager may do in the control-plane namespace: it keeps firewalls and their access to the seed,
 * and tells Infrastructure and the ACL extension of the addresses that the cluster leaves from.
 */
export function firewallControllerManagerAccess({ namespace }: ControlPlaneModel): readonly KubeObject[] {
  const metadata = { name: NAME, namespace };
  const extensions = ['extensions.gardener.cloud'];
  return [
    serviceAccount({ metadata }),
    role({
      metadata,
      rules: [
        {
          apiGroups: ['firewall.metal-stack.io'],
          resources: FIREWALLS.flatMap((resource) => [resource, `${resource}/status`]),
          verbs: ['*'],
        },
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: KEEP },
        { apiGroups: [''], resources: ['secrets', 'serviceaccounts'], verbs: KEEP },
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: KEEP },
        { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: KEEP },
        { apiGroups: extensions, resources: ['infrastructures'], verbs: ['get'] },
        { apiGroups: extensions, resources: ['infrastructures/status'], verbs: ['patch'] },
        { apiGroups: extensions, resources: ['extensions'], verbs: ['get', 'update'] },
      ],
    }),
    roleBinding({
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace }],
    }),
  ];
}
