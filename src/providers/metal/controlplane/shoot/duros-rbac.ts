import type { V1PolicyRule } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import { ALL, clusterRights, READ, rights, rule } from '../rbac.ts';

const account = { name: 'duros-controller', namespace: 'kube-system' };
const snapshots = 'snapshot.storage.k8s.io';
const storage = 'storage.k8s.io';
const rbac = 'rbac.authorization.k8s.io';

/** duros-controller deploys the CSI driver of the partition's storage into the shoot; it may change only what is its own. */
export const durosRights = (): readonly KubeObject[] => [
  ...clusterRights('duros-controller', account, [
    ...only(snapshots, 'volumesnapshotclasses', ['partition-snapshot']),
    ...only(storage, 'csidrivers', ['csi.lightbitslabs.com']),
    rule(storage, 'storageclasses', ALL),
    ...only(rbac, 'clusterroles', [
      'external-resizer-runner',
      'external-snapshotter-runner',
      'lb-csi-attacher-role',
      'lb-csi-node',
      'lb-csi-provisioner-role',
      'snapshot-controller-runner',
    ]),
    ...only(rbac, 'clusterrolebindings', [
      'csi-resizer-role',
      'csi-snapshotter-role',
      'lb-csi-attacher-binding',
      'lb-csi-node',
      'lb-csi-provisioner-binding',
      'snapshot-controller-role',
    ]),
    ...grantedToDriver,
  ]),
  ...rights('duros-controller', account, [
    ...only('', 'secrets', ['lb-csi-creds']),
    ...only('apps', 'statefulsets', ['lb-csi-controller']),
    ...only('apps', 'daemonsets', ['lb-csi-node']),
    ...only('', 'serviceaccounts', ['lb-csi-ctrl-sa', 'lb-csi-node-sa']),
  ]),
];

/** RBAC knows no names in `create`, `list` and `watch`. */
const only = (apiGroup: string, resource: string, names: string[]): V1PolicyRule[] => [
  rule(apiGroup, resource, ['create', 'list', 'watch']),
  rule(apiGroup, resource, ['delete', 'get', 'patch', 'update'], names),
];

/** What the ClusterRoles of the driver hold: nobody may grant what he does not have. */
const grantedToDriver = [
  rule('', 'persistentvolumes', [...READ, 'create', 'patch', 'delete']),
  rule('', 'persistentvolumeclaims', [...READ, 'update']),
  rule('', 'persistentvolumeclaims/status', ['patch']),
  rule('', ['pods', 'nodes'], READ),
  rule('', 'events', ['list', 'watch', 'create', 'update', 'patch']),
  rule('', 'secrets', ['get', 'list']),
  rule(storage, 'csinodes', READ),
  rule(storage, ['volumeattachments', 'volumeattachments/status'], [...READ, 'update', 'patch']),
  rule(snapshots, 'volumesnapshotclasses', READ),
  rule(snapshots, 'volumesnapshotcontents', [...READ, 'create', 'update', 'patch', 'delete']),
  rule(snapshots, 'volumesnapshots', [...READ, 'update', 'patch', 'delete']),
  rule(snapshots, ['volumesnapshotcontents/status', 'volumesnapshots/status'], ['patch', 'update']),
];
