import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../kube/object.ts';
import { modelWith } from '../fixtures.ts';
import { storageClassObjects } from './storage-classes.ts';

const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

test('Nothing is there where csi-lvm is switched off', () => {
  expect(storageClassObjects(modelWith({ csiLvm: undefined }))).toEqual([]);
});

test.each([
  [true, { 'storageclass.kubernetes.io/is-default-class': 'true' }],
  [false, undefined],
])('The annotations when being the default is %s', (isDefault, annotations) => {
  const found = storageClassObjects(modelWith({ csiLvm: { isDefault } })).find(({ kind }) => kind === 'StorageClass');
  expect(found?.metadata).toEqual({ name: 'csi-lvm', ...(annotations ? { annotations } : {}) });
});

test('The objects are those of the Go extension', () => {
  expect(storageClassObjects(modelWith()).map(idOf)).toEqual([
    'Namespace /csi-lvm',
    'StorageClass /csi-lvm',
    'ServiceAccount csi-lvm/csi-lvm-controller',
    'ClusterRole /csi-lvm-controller',
    'ClusterRoleBinding /csi-lvm-controller',
    'Deployment csi-lvm/csi-lvm-controller',
    'ServiceAccount csi-lvm/csi-lvm-reviver',
    'Role csi-lvm/csi-lvm-reviver',
    'RoleBinding csi-lvm/csi-lvm-reviver',
    'DaemonSet csi-lvm/csi-lvm-reviver',
    'NetworkPolicy csi-lvm/allow-csi-lvm-to-apiserver',
    'NetworkPolicy csi-lvm/deny-all-csi-lvm',
  ]);
});

test('The controller knows the image of the pods that it starts', () => {
  const images = (name: string) => `registry/${name}:v1`;
  const model = modelWith({ images, imagePullPolicy: 'Always' });
  const controller = storageClassObjects(model).find(({ kind }) => kind === 'Deployment');
  const env = expect.arrayContaining([
    { name: 'CSI_LVM_PROVISIONER_IMAGE', value: 'registry/csi-lvm-provisioner:v1' },
    { name: 'CSI_LVM_PULL_POLICY', value: 'Always' },
  ]);
  const containers = [{ image: 'registry/csi-lvm-controller:v1', imagePullPolicy: 'Always', env }];
  expect(controller).toMatchObject({ spec: { template: { spec: { containers } } } });
});
