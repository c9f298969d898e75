import type { KubeObject } from '../../../../kube/object.ts';
import { ALL, clusterRights, READ, rule } from '../rbac.ts';

const account = { name: 'firewall-controller-manager', namespace: 'kube-system' };

/** Also of firewall-controller: on the firewall it uses the same account. */
export const firewallControllerManagerRights = (): readonly KubeObject[] =>
  clusterRights('system:firewall-controller-manager', account, [
    rule('firewall.metal-stack.io', ['firewallmonitors', 'firewallmonitors/status'], ALL),
    rule('', 'namespaces', [...READ, 'update', 'patch', 'create']),
    rule('', ['secrets', 'serviceaccounts'], ALL),
    rule('rbac.authorization.k8s.io', ['clusterroles', 'clusterrolebindings'], [...READ, 'update', 'patch', 'create']),
    rule('', 'configmaps', [...READ, 'create', 'update']),
    ...grantedToFirewalls,
  ]);

/**
 * firewall-controller-manager makes a ClusterRole of exactly these rules, and nobody may grant what he does not have: each
 * of its pairs of group and resource has to be here, those included that do not exist.
 */
const grantedToFirewalls = [
  rule('', ['pods', 'secrets', 'services'], READ),
  rule('', 'events', ['*']),
  {
    apiGroups: ['apiextensions.k8s.io', ''],
    resources: ['customresourcedefinitions', 'services', 'endpoints'],
    verbs: [...READ, 'create', 'update'],
  },
  rule('networking.k8s.io', 'networkpolicies', READ),
  rule(
    'metal-stack.io',
    ['firewalls', 'firewalls/status', 'clusterwidenetworkpolicies', 'clusterwidenetworkpolicies/status'],
    ALL,
  ),
];
