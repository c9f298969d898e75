import type { RbacV1Subject, V1PolicyRule } from '@kubernetes/client-node';
import type { KubeObject } from '../../../kube/object.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding } from '../../objects.ts';

export const READ = ['get', 'list', 'watch'];
export const ALL = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** The core group is `''`. */
export function rule(
  apiGroup: string,
  resources: string | string[],
  verbs: string[],
  resourceNames: string[] = [],
): V1PolicyRule {
  const named = resourceNames.length > 0 ? { resourceNames } : {};
  return { apiGroups: [apiGroup], resources: [resources].flat(), verbs, ...named };
}

export interface Account {
  readonly name: string;
  readonly namespace: string;
}

const subjects = ({ name, namespace }: Account): RbacV1Subject[] => [{ kind: 'ServiceAccount', name, namespace }];
const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });

/** A ClusterRole and its binding, which has the same name. */
export const clusterRights = (name: string, account: Account, rules: V1PolicyRule[]): readonly KubeObject[] => [
  clusterRole({ metadata: { name }, rules }),
  clusterRoleBinding({ metadata: { name }, roleRef: roleRef('ClusterRole', name), subjects: subjects(account) }),
];

/** A Role in the account's namespace and its binding, which has the same name. */
export function rights(name: string, account: Account, rules: V1PolicyRule[]): readonly KubeObject[] {
  const metadata = { name, namespace: account.namespace };
  return [
    role({ metadata, rules }),
    roleBinding({ metadata, roleRef: roleRef('Role', name), subjects: subjects(account) }),
  ];
}
