import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../kube/object.ts';
import { durosStorage, modelWith } from '../fixtures.ts';
import type { ControlPlaneModel } from '../model.ts';
import { shootObjects } from './shoot.ts';

const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const ids = (changes: Partial<ControlPlaneModel>) => shootObjects(modelWith(changes)).map(idOf);

/** Names that the Go extension has, so that its objects are taken over (metal-provider 4.3). */
const always = [
  'Namespace /firewall',
  'CustomResourceDefinition /clusterwidenetworkpolicies.metal-stack.io',
  'CustomResourceDefinition /firewallmonitors.firewall.metal-stack.io',
  'CustomResourceDefinition /volumesnapshots.snapshot.storage.k8s.io',
  'NetworkPolicy firewall/droptailer',
  'Secret firewall/droptailer-server',
  'Secret firewall/droptailer-client',
  'Deployment firewall/droptailer',
  'ClusterRole /system:controller:cloud-node-controller',
  'ClusterRoleBinding /system:controller:cloud-node-controller',
  'ClusterRole /cloud-controller-manager',
  'ClusterRoleBinding /cloud-controller-manager',
  'ClusterRole /system:firewall-controller-manager',
  'ClusterRoleBinding /system:firewall-controller-manager',
  'ConfigMap kube-system/shoot-info-node-cidr',
];

const withMetalLB = [
  'Namespace /metallb-system',
  'CustomResourceDefinition /bgppeers.metallb.io',
  'Secret metallb-system/webhook-server-cert',
  'Deployment metallb-system/controller',
  'DaemonSet metallb-system/speaker',
  'Role metallb-system/health-monitoring',
  'RoleBinding metallb-system/health-monitoring',
  'NetworkPolicy metallb-system/allow-metallb-to-apiserver',
  'NetworkPolicy metallb-system/allow-controller',
  'NetworkPolicy metallb-system/allow-speaker',
  'NetworkPolicy metallb-system/deny-all-metallb-system',
  'ServiceAccount kube-system/node-init',
  'ClusterRole /kube-system:node-init',
  'ClusterRoleBinding /kube-system:node-init',
  'DaemonSet kube-system/node-init',
];

const withDuros = [
  'ClusterRole /duros-controller',
  'ClusterRoleBinding /duros-controller',
  'Role kube-system/duros-controller',
  'RoleBinding kube-system/duros-controller',
];

test.each([
  ['MetalLB', {}, [...always, ...withMetalLB], withDuros],
  ['Cilium', { loadBalancer: 'cilium' }, always, [...withMetalLB, ...withDuros]],
  ['Duros', { duros: durosStorage }, [...always, ...withDuros], []],
] as const)('The objects of a cluster with %s', (_, changes, present, absent) => {
  const found = ids(changes);
  expect(found).toEqual(expect.arrayContaining([...present]));
  for (const id of absent) expect(found).not.toContain(id);
});

test('No object is there twice', () => {
  const found = ids({ duros: durosStorage });
  expect(new Set(found).size).toBe(found.length);
});

test.each([
  ['metallb', 'metallb.io', 'cilium.io'],
  ['cilium', 'cilium.io', 'metallb.io'],
] as const)('cloud-controller-manager may write what %s reads', (loadBalancer, group, other) => {
  const role = shootObjects(modelWith({ loadBalancer })).find(
    ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'cloud-controller-manager',
  ) as KubeObject & { rules: { apiGroups: string[] }[] };
  const groups = role.rules.flatMap(({ apiGroups }) => apiGroups);
  expect(groups).toContain(group);
  expect(groups).not.toContain(other);
});

test('droptailer rolls with its certificate', () => {
  const droptailer = shootObjects(modelWith({})).find(
    ({ metadata }) => metadata.name === 'droptailer' && metadata.labels,
  );
  expect(droptailer).toMatchObject({
    spec: {
      template: {
        metadata: {
          labels: { app: 'droptailer' },
          annotations: { 'checksum/secret-droptailer-server': 'sha-of-droptailer-server' },
        },
      },
    },
  });
});

test('A certificate that nobody has made is not left out', () => {
  expect(() => shootObjects(modelWith({ secrets: new Map() }))).toThrow('there is no droptailer-server');
});

test('What a project does not publish any more is told', () => {
  const { manifests } = modelWith();
  const model = modelWith({ manifests: { ...manifests, metallb: [] } });
  expect(() => shootObjects(model)).toThrow('the manifests have no Deployment controller');
});

test('The primary family of the nodes is what pods are told', () => {
  const told = shootObjects(modelWith({ nodeCIDRs: ['2001:db8:1::/64', '10.0.0.0/22'] })).at(-1);
  expect(told).toMatchObject({ data: { 'node-cidr': '2001:db8:1::/64' } });
});
