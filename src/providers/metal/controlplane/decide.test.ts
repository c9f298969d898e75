import { describe, expect, test } from 'vitest';
import { cluster } from '../../../apis/extensions/cluster.ts';
import type { ControlPlaneContext } from '../../control-plane.ts';
import { createImages } from '../images.ts';
import { testManifests } from '../manifests/fixtures.ts';
import type { Network } from '../metal-api/types.ts';
import { decide, type Setting } from './decide.ts';
import { intentOf } from './intent.ts';
import type { Observed } from './observe.ts';

const network = (id: string, labels: Record<string, string>): Network => ({
  id,
  prefixes: [],
  projectid: undefined,
  partitionid: 'muc',
  description: undefined,
  labels,
  created: undefined,
});
const observed: Observed = {
  credentials: 'metalAPIHMac',
  networks: new Map(
    [
      network('internet', { 'network.metal-stack.io/default-external': '' }),
      network('storage', { 'network.metal-stack.io/partition-storage': '' }),
    ].map((each) => [each.id, each]),
  ),
  nodeNetworkID: 'node-network',
  nodeCIDRs: ['10.0.0.0/22'],
  ssh: undefined,
  apiServerAddresses: ['203.0.113.10'],
  seedApiUrl: undefined,
};
const duros = {
  enabled: true,
  partitionConfig: {
    muc: { endpoints: ['192.0.2.1:443'], adminKey: 'key', adminToken: 'token', apiEndpoint: 'duros.example.com:443' },
  },
};
const setting: Setting = {
  config: {},
  images: createImages(),
  manifests: testManifests,
  seedApiHost: 'api.seed.example.com',
};

interface Given {
  readonly shoot?: object;
  readonly firewall?: object;
  readonly infrastructure?: unknown;
  readonly providerConfig?: unknown;
  readonly scaledDown?: boolean;
}

function contextWith({ shoot, firewall, infrastructure, providerConfig, scaledDown = false }: Given) {
  const operation = {
    object: {
      metadata: { name: 's', namespace: 'shoot--p--s' },
      spec: { type: 'metal', region: 'r', secretRef: { name: 'cloudprovider' }, providerConfig },
    },
    cluster: cluster.parse({
      metadata: { name: 'shoot--p--s' },
      spec: {
        shoot: {
          metadata: { name: 's', uid: 'u' },
          spec: {
            dns: { domain: 's.p.example.com' },
            networking: { type: 'calico' },
            provider: {
              infrastructureConfig: infrastructure ?? {
                projectID: 'p',
                partitionID: 'muc',
                firewall: { networks: ['internet', 'storage'], ...firewall },
              },
            },
            ...shoot,
          },
        },
        cloudProfile: {
          metadata: { name: 'metal' },
          spec: {
            providerConfig: {
              metalControlPlanes: { m: { endpoint: 'https://metal.example.com', partitions: { muc: {} } } },
            },
          },
        },
      },
    }),
  };
  const context = { operation, namespace: 'shoot--p--s', scaledDown, secrets: new Map() };
  return context as unknown as ControlPlaneContext;
}

function decideOn(given: Given = {}, seen: Partial<Observed> = {}, config: Setting['config'] = {}) {
  const context = contextWith(given);
  return decide(context, intentOf(context.operation), { ...observed, ...seen }, { ...setting, config });
}

test('an ordinary cluster', () => {
  expect(decideOn({ firewall: { firewallHealthTimeout: '30m' } })).toMatchObject({
    namespace: 'shoot--p--s',
    clusterID: 'u',
    projectID: 'p',
    partitionID: 'muc',
    metalApi: { url: 'https://metal.example.com', credentials: 'metalAPIHMac' },
    firewallNetworks: ['internet', 'storage'],
    defaultExternalNetwork: 'internet',
    loadBalancer: 'metallb',
    seedApiUrl: 'https://api.seed.example.com',
    shootApiUrl: 'https://api.s.p.example.com',
    apiServerAddresses: ['203.0.113.10'],
    networkAccess: 'baseline',
    isolation: undefined,
    firewallTimeouts: { health: '30m', create: undefined },
    scaledDown: false,
    featureGates: {},
    csiLvm: { isDefault: true },
    duros: undefined,
    ingressController: undefined,
    imagePullPolicy: 'IfNotPresent',
  });
});

test.each([
  ['cilium', 'cilium'],
  ['calico', 'metallb'],
  [undefined, 'metallb'],
])('with networking %s, load balancers are those of %s', (type, loadBalancer) => {
  expect(decideOn({ shoot: { networking: { type } } }).loadBalancer).toBe(loadBalancer);
  expect(decideOn({ shoot: { networking: undefined } }).loadBalancer).toBe('metallb');
});

test('feature gates and the external network are those of the owner', () => {
  const cloudControllerManager = { featureGates: { A: true }, defaultExternalNetwork: 'storage' };
  expect(decideOn({ providerConfig: { cloudControllerManager } })).toMatchObject({
    featureGates: { A: true },
    defaultExternalNetwork: 'storage',
  });
});

test('a sleeping shoot sleeps when its API server is down', () => {
  const shoot = { hibernation: { enabled: true } };
  expect(decideOn({ shoot })).toMatchObject({ scaledDown: false });
  expect(decideOn({ shoot, scaledDown: true })).toMatchObject({ scaledDown: true });
});

describe('Duros', () => {
  test('where the firewall reaches the storage of the partition', () => {
    expect(decideOn({}, {}, { storage: { duros } }).duros).toMatchObject({ endpoints: ['192.0.2.1:443'] });
    expect(decideOn({ firewall: { networks: ['internet'] } }, {}, { storage: { duros } }).duros).toBeUndefined();
  });

  test('a firewall network that metal-api does not have', () => {
    const firewall = { networks: ['internet', 'typo'] };
    expect(() => decideOn({ firewall }, {}, { storage: { duros } })).toThrow(/network typo .*does not exist/);
  });
});

test.each([
  [undefined, undefined],
  [{ podSelector: { app: 'nginx' } }, undefined],
  [{ namespace: 'nginx' }, { namespace: 'nginx', podSelector: {} }],
  [
    { namespace: 'nginx', podSelector: { app: 'nginx' } },
    { namespace: 'nginx', podSelector: { app: 'nginx' } },
  ],
])('ingress controller %j: %j', (ingressController, expected) => {
  expect(decideOn({}, {}, { networkPolicies: { ingressController } }).ingressController).toEqual(expected);
});

test.each([
  ['Always', 'Always'],
  ['Never', 'Never'],
  ['always', 'IfNotPresent'],
  ['', 'IfNotPresent'],
])('pull policy %j: %s', (imagePullPolicy, expected) => {
  expect(decideOn({}, {}, { imagePullPolicy }).imagePullPolicy).toBe(expected);
});

test.each<[string, Given, RegExp]>([
  ['no domain', { shoot: { dns: {} } }, /cluster dns domain is not yet set/],
  ['no infrastructureConfig', { infrastructure: null, shoot: { provider: {} } }, /infrastructureConfig is not set/],
  ['no project', { infrastructure: { partitionID: 'muc' } }, /projectID must be set/],
  ['another partition', { infrastructure: { projectID: 'p', partitionID: 'x' } }, /no metal control plane found/],
  ['a config of another type', { providerConfig: { featureGates: 7 } }, /controlPlaneConfig is invalid: featureGates/],
])('%s: an error that says so', (_, given, message) => {
  expect(() => decideOn(given)).toThrow(message);
});
