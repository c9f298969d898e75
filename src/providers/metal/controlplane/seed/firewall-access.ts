import type { KubeObject } from '../../../../kube/object.ts';
import { serviceAccount } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { rights, rule } from '../rbac.ts';

const NAME = 'firewall-controller-manager';
const KEEP = ['get', 'list', 'watch', 'create', 'update', 'patch'];
const FIREWALLS = ['firewalls', 'firewallsets', 'firewalldeployments'];

/**
 * What firewall-controller-manager may do in the control-plane namespace: it keeps firewalls and their access to the seed,
 * and tells Infrastructure and the ACL extension of the addresses that the cluster leaves from.
 */
export function firewallControllerManagerAccess({ namespace }: ControlPlaneModel): readonly KubeObject[] {
  const account = { name: NAME, namespace };
  const extensions = 'extensions.gardener.cloud';
  const firewalls = FIREWALLS.flatMap((resource) => [resource, `${resource}/status`]);
  return [
    serviceAccount({ metadata: account }),
    ...rights(NAME, account, [
      rule('firewall.metal-stack.io', firewalls, ['*']),
      rule('coordination.k8s.io', 'leases', KEEP),
      rule('', ['secrets', 'serviceaccounts'], KEEP),
      rule('rbac.authorization.k8s.io', ['roles', 'rolebindings'], KEEP),
      { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: KEEP },
      rule(extensions, 'infrastructures', ['get']),
      rule(extensions, 'infrastructures/status', ['patch']),
      rule(extensions, 'extensions', ['get', 'update']),
    ]),
  ];
}
