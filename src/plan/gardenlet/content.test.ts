import { describe, expect, test } from 'vitest';
import { cloudProvider } from './cloud-provider.ts';
import { clusterObject } from './cluster.ts';
import type { GardenShoot } from './garden-shoot.ts';
import { infrastructureObject, networkingStatus } from './infrastructure.ts';

const shoot: GardenShoot = {
  metadata: { name: 'apple', namespace: 'garden-fruit', uid: 'u1', managedFields: [{}] },
  spec: { provider: { type: 'metal' }, region: 'fra', networking: { type: 'calico' } },
  status: { uid: 'u1' },
};
const seed = { metadata: { name: 's', managedFields: [{}] }, spec: { provider: { type: 'gcp', region: 'eu' } } };
const profile = { metadata: { name: 'p', managedFields: [{}] }, spec: { type: 'metal' } };

test('a Cluster holds whole objects with apiVersion and kind, without managedFields', () => {
  const { metadata, spec } = clusterObject('shoot--fruit--apple', shoot, seed, profile);
  expect(metadata.name).toBe('shoot--fruit--apple');
  const apiVersion = 'core.gardener.cloud/v1beta1';
  expect(spec).toMatchObject({
    shoot: { apiVersion, kind: 'Shoot', metadata: { uid: 'u1' }, status: { uid: 'u1' } },
    seed: { apiVersion, kind: 'Seed' },
    cloudProfile: { apiVersion, kind: 'CloudProfile' },
  });
  expect(JSON.stringify(spec)).not.toContain('managedFields');
});

describe('Infrastructure', () => {
  test('refers to the credentials beside it and carries the config as it is', () => {
    const infrastructureConfig = { firewall: { networks: ['internet'] }, unknown: null };
    expect(infrastructureObject('ns', shoot, { infrastructureConfig, sshPublicKey: 'c3No' })).toEqual({
      apiVersion: 'extensions.gardener.cloud/v1alpha1',
      kind: 'Infrastructure',
      metadata: { name: 'apple', namespace: 'ns' },
      spec: {
        type: 'metal',
        region: 'fra',
        secretRef: { name: 'cloudprovider', namespace: 'ns' },
        sshPublicKey: 'c3No',
        providerConfig: infrastructureConfig,
      },
    });
  });

  test.each([undefined, null])('has no providerConfig when the Shoot has %s', (infrastructureConfig) => {
    const { spec } = infrastructureObject('ns', shoot, { infrastructureConfig });
    expect(Object.keys(spec)).toEqual(['type', 'region', 'secretRef']);
  });

  test.each([
    ['nothing', undefined, {}],
    ['nodesCIDR', { nodesCIDR: '10.0.0.0/22' }, { nodes: ['10.0.0.0/22'] }],
    [
      'nodesCIDR first, each once',
      { nodesCIDR: '10.0.0.0/22', networking: { nodes: ['fd00::/64', '10.0.0.0/22'] } },
      { nodes: ['10.0.0.0/22', 'fd00::/64'] },
    ],
    ['empty lists', { egressCIDRs: [], networking: { pods: [] } }, {}],
    [
      'all lists',
      { egressCIDRs: ['1.2.3.4/32'], networking: { pods: ['p'], services: ['s'] } },
      { pods: ['p'], services: ['s'], egressCIDRs: ['1.2.3.4/32'] },
    ],
  ])('networks taken over: %s', (_name, status, expected) => {
    expect(networkingStatus(status)).toEqual(expected);
  });
});

test('the copied credentials have the data of the source and nothing else of it', () => {
  const source = {
    metadata: { name: 'mine', namespace: 'garden-fruit', labels: { mine: 'x' } },
    data: { metalAPIHMac: 'a2V5' },
  };
  expect(cloudProvider('ns', source)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'cloudprovider',
      namespace: 'ns',
      labels: { 'gardener.cloud/purpose': 'cloudprovider' },
      annotations: {},
    },
    type: 'Opaque',
    data: { metalAPIHMac: 'a2V5' },
  });
});
