import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import type { OperatingSystemConfig } from '../../../apis/extensions/operating-system-config.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { SeedFacts } from '../../admission.ts';
import { facts, isolation, mutated } from './fixtures.ts';
import { createMetalSeedMutations } from './mutations.ts';

const { controlPlane } = createMetalSeedMutations();

function osc(spec: object, status: object = {}): KubeObject {
  return { metadata: { name: 'osc' }, spec: { type: 'debian', ...spec }, status } as unknown as KubeObject;
}
const mutate = (object: KubeObject, known: SeedFacts = facts(), old?: KubeObject) =>
  mutated(controlPlane, 'OperatingSystemConfig', object, known, old) as unknown as OperatingSystemConfig;

const unit = `[Unit]
Description=kubelet daemon
# a comment
After=containerd.service
[Install]
WantedBy=multi-user.target
[Service]
Restart=always
EnvironmentFile=-/var/lib/kubelet/extra_args
ExecStart=/opt/bin/kubelet \\
    --bootstrap-kubeconfig=/x \\
    --v=2 $KUBELET_EXTRA_ARGS`;
const expectedUnit = `[Unit]
Description=kubelet daemon
After=containerd.service

[Install]
WantedBy=multi-user.target

[Service]
Restart=always
EnvironmentFile=-/var/lib/kubelet/extra_args
ExecStart=/opt/bin/kubelet --bootstrap-kubeconfig=/x \\
    --v=2 \\
    $KUBELET_EXTRA_ARGS \\
    --cloud-provider=external
`;

describe('kubelet.service', () => {
  const withUnit = (content: string, purpose = 'reconcile') =>
    mutate(
      osc({
        purpose,
        units: [
          { name: 'other.service', content },
          { name: 'kubelet.service', content },
        ],
      }),
    ).spec.units;

  test('has an external cloud provider', () => {
    expect(withUnit(unit)).toEqual([
      { name: 'other.service', content: unit },
      { name: 'kubelet.service', content: expectedUnit },
    ]);
    expect(withUnit(expectedUnit)?.[1]?.content).toBe(expectedUnit);
  });

  test('another value is replaced in its place', () => {
    const content = '[Service]\nExecStart=/kubelet --cloud-provider=aws --v=2\n';
    expect(withUnit(content)?.[1]?.content).toBe(
      '[Service]\nExecStart=/kubelet --cloud-provider=external \\\n    --v=2\n',
    );
  });

  test.each(['[Service]\nRestart=always\n', 'ExecStart=/no/section', 'garbage', '\\', '[Install]\nExecStart=/x'])(
    'without a command of kubelet stays: %j',
    (content) => expect(withUnit(content)?.[1]?.content).toBe(content),
  );

  test('of new machines stays', () => expect(withUnit(unit, 'provision')?.[1]?.content).toBe(unit));
});

describe('the configuration of kubelet', () => {
  const path = '/var/lib/kubelet/config/kubelet';
  const file = (inline: object) =>
    mutate(osc({ purpose: 'reconcile', files: [{ path, content: { inline } }] })).spec.files?.[0]?.content?.inline;
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    [
      'featureGates:\n  CSINodeInfo: true\n  Other: false\nmaxPods: 250\n',
      'featureGates:\n  Other: false\nmaxPods: 250\n',
    ],
    ['featureGates:\n  CSIDriverRegistry: true\n  VolumeSnapshotDataSource: true\nmaxPods: 250\n', 'maxPods: 250\n'],
    ['maxPods:   250 # as it is\n', 'maxPods:   250 # as it is\n'],
    ['a: CSINodeInfo\nfeatureGates: null\n', 'a: CSINodeInfo\nfeatureGates: null\n'],
  ])('has no former feature gates: %j', (text, expected) => {
    expect(file({ encoding: 'b64', data: base64(text) })).toEqual({ encoding: 'b64', data: base64(expected) });
    expect(file({ encoding: '', data: text })).toEqual({ encoding: '', data: expected });
    expect(file({ data: text })).toEqual({ data: expected });
  });

  test('in an unknown encoding stays', () => {
    const inline = { encoding: 'gzip', data: 'CSINodeInfo' };
    expect(file(inline)).toEqual(inline);
  });

  test('that refers to a secret stays', () => {
    const files = [{ path, content: { secretRef: { name: 'x', dataKey: 'y' } } }, { path }];
    expect(mutate(osc({ purpose: 'reconcile', files })).spec.files).toEqual(files);
  });
});

describe('network isolation', () => {
  const object = osc({ purpose: 'provision', providerConfig: { of: 'the user' } });
  const { dnsServers, ntpServers, ...withoutServers } = isolation;

  test.each(['restricted', 'forbidden'])('%s replaces the provider configuration', (networkAccessType) => {
    expect(mutate(object, facts({ networkAccessType })).spec.providerConfig).toEqual({
      apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
      kind: 'ImageProviderConfig',
      networkIsolation: withoutServers,
    });
  });

  test.each(['/etc/systemd/resolved.conf.d/dns.conf', '/etc/resolv.conf', '/etc/systemd/timesyncd.conf'])(
    'nodes that have %s keep their servers',
    (path) => {
      const old = osc({}, { extensionFiles: [{ path }] });
      expect(mutate(object, facts({ networkAccessType: 'restricted' }), old).spec.providerConfig).toMatchObject({
        networkIsolation: { ...withoutServers, dnsServers, ntpServers },
      });
    },
  );

  test.each([
    ['baseline', facts({ networkAccessType: 'baseline' })],
    ['without a ControlPlaneConfig', facts()],
    ['in a partition without isolation', facts({ networkAccessType: 'restricted', isolated: false })],
    ['without a Cluster', { namespace: 'x' }],
    ['baseline in an unknown partition', facts({ networkAccessType: 'baseline', partitionID: 'nowhere' })],
  ])('%s leaves it', (_, known) => {
    expect(mutate(object, known).spec.providerConfig).toEqual({ of: 'the user' });
  });

  test('an unknown partition is told', () => {
    const known = facts({ networkAccessType: 'restricted', partitionID: 'nowhere' });
    expect(() => mutate(object, known)).toThrow('no metal control plane found for partition nowhere');
  });
});
