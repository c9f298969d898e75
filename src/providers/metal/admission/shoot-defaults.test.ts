import { compare } from 'fast-json-patch';
import { describe, expect, test } from 'vitest';
import type { Shoot } from '../../../apis/core/shoot.ts';
import { defaultFirewallImage } from '../firewall-image.ts';
import { readDefaultOptions } from './default-options.ts';
import { changed, NOW, validProfile, validShoot } from './fixtures.ts';
import { createAdmissionRules } from './rules.ts';

const rules = createAdmissionRules();
const profile = validProfile();
const create = (object: Shoot) => rules.defaultShoot({ object, profile, now: NOW });
const update = (old: Shoot, object: Shoot) => rules.defaultShoot({ object, old, profile, now: NOW });
const patch = (before: Shoot, after: Shoot) =>
  Object.fromEntries(compare(before, after).map(({ path, ...rest }) => [path, 'value' in rest ? rest.value : rest.op]));

const infra = 'spec/provider/infrastructureConfig';
const without = (...paths: string[]) => paths.reduce((shoot, path) => changed(shoot, path, undefined), validShoot());
const bare = () => without('spec/networking', 'spec/kubernetes', `${infra}/firewall/image`, `${infra}/firewall/size`);

const calico = {
  apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
  kind: 'NetworkConfig',
  backend: 'none',
  ipv4: { mode: 'Never' },
  typha: { enabled: false },
};
const cilium = {
  apiVersion: 'cilium.networking.extensions.gardener.cloud/v1alpha1',
  kind: 'NetworkConfig',
  hubble: { enabled: true },
  tunnel: 'disabled',
  mtu: 1440,
  devices: ['lan+', 'lo'],
  directRoutingDevice: 'lo',
  loadBalancingMode: 'dsr',
  ipv4NativeRoutingCIDREnabled: true,
  bgpControlPlane: { enabled: true },
};

describe('on create', () => {
  test('nothing is changed where all is said', () => {
    const shoot = validShoot();
    expect(create(shoot)).toBe(shoot);
  });

  test('everything is filled in, and nothing else', () => {
    const shoot = bare();
    expect(patch(shoot, create(shoot))).toEqual({
      '/spec/kubernetes': {
        kubeControllerManager: { nodeCIDRMaskSize: 23 },
        kubelet: { maxPods: 250 },
        kubeProxy: { enabled: true },
      },
      '/spec/networking': { type: 'calico', pods: '10.240.0.0/13', services: '10.248.0.0/18', providerConfig: calico },
      '/spec/provider/infrastructureConfig/firewall/image': 'firewall-ubuntu-3.0.20260112',
      '/spec/provider/infrastructureConfig/firewall/size': 'n1-medium-x86',
    });
    expect(shoot).toEqual(bare());
    expect(rules.validateShoot({ object: create(shoot), profile, now: NOW })).toEqual({ errors: [], warnings: [] });
  });

  test.each<[string, Shoot, Record<string, unknown>]>([
    [
      'cilium',
      changed(without('spec/networking/providerConfig'), 'spec/networking/type', 'cilium'),
      { '/spec/kubernetes/kubeProxy': { enabled: false }, '/spec/networking/providerConfig': cilium },
    ],
    ['another network', changed(without('spec/networking/providerConfig'), 'spec/networking/type', 'ovn'), {}],
    [
      'a kube-proxy that Gardener has switched on already',
      changed(without('spec/networking/providerConfig'), 'spec/kubernetes/kubeProxy', { enabled: false }),
      { '/spec/networking/providerConfig': calico },
    ],
    ['a network config of its own', changed(validShoot(), 'spec/networking/providerConfig', { backend: 'bird' }), {}],
    [
      'IPv6 only',
      changed(bare(), 'spec/networking', {
        ipFamilies: ['IPv6'],
        type: 'calico',
        pods: 'fd00:1::/48',
        services: 'fd00:2::/112',
      }),
      {
        '/spec/kubernetes': { kubelet: { maxPods: 250 }, kubeProxy: { enabled: true } },
        '/spec/networking/providerConfig': { ...calico, ipv4: undefined },
        '/spec/provider/infrastructureConfig/firewall/image': 'firewall-ubuntu-3.0.20260112',
        '/spec/provider/infrastructureConfig/firewall/size': 'n1-medium-x86',
      },
    ],
    [
      'null is nothing',
      changed(validShoot(), 'spec/networking/pods', null),
      { '/spec/networking/pods': '10.240.0.0/13' },
    ],
    [
      'empty is nothing',
      changed(validShoot(), `${infra}/firewall/size`, ''),
      { [`/${infra}/firewall/size`]: 'n1-medium-x86' },
    ],
    [
      'no more pods than the mask has room for',
      changed(without('spec/kubernetes/kubelet'), 'spec/kubernetes/kubeControllerManager/nodeCIDRMaskSize', 25),
      { '/spec/kubernetes/kubelet': { maxPods: 126 } },
    ],
    [
      'the mask that Gardener sets',
      changed(without('spec/kubernetes/kubelet'), 'spec/kubernetes/kubeControllerManager/nodeCIDRMaskSize', 24),
      { '/spec/kubernetes/kubelet': { maxPods: 250 } },
    ],
    [
      'no firewall at all',
      without(`${infra}/firewall`),
      { [`/${infra}/firewall`]: { image: 'firewall-ubuntu-3.0.20260112', size: 'n1-medium-x86' } },
    ],
    ['no InfrastructureConfig', without(infra), {}],
    ['no partition', changed(without(`${infra}/firewall`), `${infra}/partitionID`, undefined), {}],
    ['an unknown partition', changed(without(`${infra}/firewall`), `${infra}/partitionID`, 'nowhere'), {}],
    ['workerless', changed(bare(), 'spec/provider/workers', []), {}],
    ['another type', changed(bare(), 'spec/provider/type', 'local'), {}],
  ])('%s', (_, shoot, expected) => {
    expect(patch(shoot, create(shoot))).toEqual(expected);
  });

  test('without a profile only what needs none is filled in', () => {
    const shoot = without(`${infra}/firewall/image`, 'spec/networking/type');
    const after = rules.defaultShoot({ object: shoot, profile: undefined, now: NOW });
    expect(patch(shoot, after)).toEqual({ '/spec/networking/type': 'calico' });
  });
});

describe('on update', () => {
  const old = [
    [`${infra}/firewall/image`, 'firewall-ubuntu-2.0'],
    [`${infra}/firewall/size`, 'n2'],
    ['spec/kubernetes/kubelet/maxPods', 110],
    ['spec/networking/providerConfig', { backend: 'bird' }],
  ].reduce((shoot, [path, value]) => changed(shoot, String(path), value), validShoot());

  test('what is left out stays as it was', () => {
    const object = [
      `${infra}/firewall/image`,
      `${infra}/firewall/size`,
      'spec/kubernetes',
      'spec/networking/providerConfig',
      'spec/networking/pods',
    ].reduce((shoot, path) => changed(shoot, path, undefined), old);
    expect(patch(object, update(old, object))).toEqual({
      [`/${infra}/firewall/image`]: 'firewall-ubuntu-2.0',
      [`/${infra}/firewall/size`]: 'n2',
      '/spec/kubernetes': { kubeControllerManager: { nodeCIDRMaskSize: 23 }, kubelet: { maxPods: 110 } },
      '/spec/networking/providerConfig': { backend: 'bird' },
      '/spec/networking/pods': '10.240.0.0/13',
    });
  });

  test('what was never said is not said now, but for what nothing runs without', () => {
    const silent = bare();
    expect(patch(silent, update(silent, silent))).toEqual({
      [`/${infra}/firewall/image`]: 'firewall-ubuntu-3.0.20260112',
      [`/${infra}/firewall/size`]: 'n1-medium-x86',
    });
  });

  test('the configuration of another network type is not carried over', () => {
    const object = changed(changed(old, 'spec/networking/providerConfig', undefined), 'spec/networking/type', 'cilium');
    expect(update(old, object)).toBe(object);
  });

  test('a Shoot on its way out is left alone', () => {
    const leaving = changed(bare(), 'metadata/deletionTimestamp', '2026-03-01T00:00:00Z');
    expect(update(bare(), leaving)).toBe(leaving);
  });

  test('defaults twice change nothing', () => {
    const once = create(bare());
    expect(create(once)).toBe(once);
    expect(update(once, once)).toBe(once);
  });
});

test.each<[string[], string | undefined]>([
  [[], undefined],
  [['firewall-ubuntu-2.0', 'firewall-ubuntu-3.0.20260112', 'firewall-ubuntu-3.0.9'], 'firewall-ubuntu-3.0.20260112'],
  [['firewall-ubuntu-2.9', 'firewall-ubuntu-2.10'], 'firewall-ubuntu-2.10'],
  [['firewall-ubuntu-2.0', 'firewall-debian-12.0'], 'firewall-ubuntu-2.0'],
  [['latest', 'firewall-ubuntu-24.04.1', 'firewall-ubuntu-24.04.2'], 'firewall-ubuntu-24.04.2'],
  [['latest', 'other'], 'latest'],
])('the image for %j is %s', (images, expected) => {
  expect(defaultFirewallImage(images)).toBe(expected);
});

test('overrides come from the environment, and what cannot be read is told', () => {
  const { options, ignored } = readDefaultOptions({
    DEFAULTER_MAXPODS: '110',
    DEFAULTER_NODECIDRMASKSIZE: 'many',
    DEFAULTER_CALICOTYPHAENABLED: 'T',
    DEFAULTER_CILIUMHUBBLEENABLED: 'yes',
    DEFAULTER_CILIUMDEVICES: 'a,b',
    DEFAULTER_NETWORKTYPE: 'cilium',
  });
  expect(options).toMatchObject({
    maxPods: 110,
    nodeCIDRMaskSize: 23,
    networkType: 'cilium',
    calico: { typhaEnabled: true },
    cilium: { hubbleEnabled: true, devices: ['a', 'b'] },
  });
  expect(ignored).toEqual(['DEFAULTER_NODECIDRMASKSIZE', 'DEFAULTER_CILIUMHUBBLEENABLED']);
  const { spec } = createAdmissionRules({ defaults: options }).defaultShoot({ object: bare(), profile, now: NOW });
  expect(spec.networking).toMatchObject({ type: 'cilium', providerConfig: { devices: ['a', 'b'] } });
});
