import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../apis/machine/machine.ts';
import { egressFindings } from './egress.ts';
import {
  comparisonOf,
  egress,
  idTag,
  ipOf,
  machineOf,
  namespace,
  networkOf,
  now,
  type Settings,
  snapshotOf,
  young,
} from './fixtures.ts';
import { machineFindings } from './machines.ts';
import { nodeNetworkFindings } from './node-network.ts';
import { firewallProfileFindings, machineImageFindings } from './profile.ts';
import { webhookFindings } from './webhooks.ts';

const cidr = '10.0.0.0/22';
const given = networkOf({ labels: {} });
const second = networkOf({ id: 'n2', prefixes: ['10.0.4.0/22'] });

test.each<[string, ReturnType<typeof networkOf>[], Settings, string[]]>([
  ['the one of the status', [networkOf()], { nodesCIDR: cidr }, []],
  ['gone', [], { nodesCIDR: cidr }, ['NodeNetworkMissing network 10.0.0.0/22']],
  ['without its label', [given], { nodesCIDR: cidr }, ['NodeNetworkMissing network 10.0.0.0/22']],
  [
    'in another partition',
    [networkOf({ partitionid: 'muc' })],
    { nodesCIDR: cidr },
    ['NodeNetworkMissing network 10.0.0.0/22'],
  ],
  ['never allocated', [], {}, ['NodeNetworkMissing network of the nodes']],
  ['with a surplus', [networkOf(), second], { nodesCIDR: cidr }, ['NodeNetworkSurplus network 10.0.4.0/22']],
  ['given by the owner', [given], { nodes: cidr }, []],
  ['given by the owner, and gone', [], { nodes: cidr }, ['NodeNetworkMissing network 10.0.0.0/22']],
  [
    'given by the owner, and there twice',
    [given, { ...given, id: 'n3' }],
    { nodes: cidr },
    ['NodeNetworkAmbiguous network 10.0.0.0/22'],
  ],
])('a node network %s', (_, networks, settings, expected) => {
  const found = nodeNetworkFindings(comparisonOf({ networks }, settings));
  expect(found.map(({ kind, object }) => `${kind} ${object}`)).toEqual(expected);
});

const static_ = (tags: string[], fields = {}) => ipOf(tags, { type: 'static', ...fields });
const wanted = { egressIPs: ['203.0.113.1'] };

test.each<[string, ReturnType<typeof ipOf>[], Settings, string[]]>([
  ['claimed', [static_([egress('abc')])], wanted, []],
  [
    'in IPv6, however it is spelled',
    [static_([egress('abc')], { ipaddress: '2001:db8::1' })],
    { egressIPs: ['2001:0db8:0::1'] },
    [],
  ],
  ['not claimed', [static_([])], wanted, ['EgressIPUnclaimed does not have the egress tag of the cluster']],
  [
    'claimed by another',
    [static_([egress('x')])],
    wanted,
    [`EgressIPUnclaimed is claimed for another cluster: ${egress('x')}`],
  ],
  [
    'tagged by somebody',
    [static_(['a=b'])],
    wanted,
    ['EgressIPUnclaimed does not have the egress tag of the cluster, but a=b'],
  ],
  [
    'of another network',
    [static_([], { networkid: 'mpls' })],
    wanted,
    ['EgressIPMissing is not in network internet of the project, and an egress rule names it'],
  ],
  [
    'that no rule names',
    [static_([egress('abc')])],
    {},
    ['EgressIPUnwanted has the egress tag of the cluster, and no egress rule names it'],
  ],
  ['of another cluster', [static_([egress('x')])], {}, []],
])('an egress IP %s', (_, ips, settings, expected) => {
  const found = egressFindings(comparisonOf({ ips }, settings));
  expect(found.map(({ kind, message }) => `${kind} ${message}`)).toEqual(expected);
});

describe('machines', () => {
  const spec = (id?: string): Machine['spec'] => ({
    class: { kind: 'MachineClass', name: 'c' },
    ...(id ? { providerID: `metal:///fra/${id}` } : {}),
  });
  const object = (name: string, id?: string, fields = {}): Machine => ({
    metadata: { name, namespace, ...fields },
    spec: spec(id),
  });
  const wall = (name: string, machineID?: string) => ({
    metadata: { name, namespace },
    ...(machineID ? { status: { machineStatus: { machineID } } } : {}),
  });
  const ours = [idTag('abc')];
  const firewall = { role: 'firewall' } as const;

  test.each<[string, Machine[], ReturnType<typeof wall>[], ReturnType<typeof machineOf>[], string[]]>([
    ['one that stands for one', [object('a', 'm')], [], [machineOf('m', ours, { hostname: 'a' })], []],
    ['one that is being made', [object('a')], [], [machineOf('m', ours, { hostname: 'a' })], []],
    ['one that is not there yet', [object('a')], [], [], []],
    ['one that nothing stands for', [], [], [machineOf('m', ours)], ['MachineUnknown']],
    ['one that is new', [], [], [machineOf('m', ours, { created: young })], []],
    ['one of another cluster', [], [], [machineOf('m', [idTag('x')])], []],
    ['one of nobody', [], [], [machineOf('m', [])], []],
    [
      'two of one name',
      [object('a', 'm')],
      [],
      [machineOf('m', ours, { hostname: 'a' }), machineOf('o', ours, { hostname: 'a' })],
      ['MachineTwice'],
    ],
    ['one that metal-api does not have', [object('a', 'm')], [], [], ['MachineGone']],
    ['one that was freed', [object('a', 'm')], [], [{ ...machineOf('m', []), allocation: undefined }], ['MachineGone']],
    ['one that goes', [object('a', 'm', { deletionTimestamp: young })], [], [], []],
    [
      'one that is another cluster’s by now',
      [object('a', 'm')],
      [],
      [machineOf('m', [idTag('x')])],
      ['MachineForeign'],
    ],
    ['one that has lost its tags', [object('a', 'm')], [], [machineOf('m', [])], ['MachineForeign']],
    ['a firewall', [], [wall('f', 'm')], [machineOf('m', ours, { ...firewall, hostname: 'f' })], []],
    ['a firewall by its name', [], [wall('f')], [machineOf('m', ours, { ...firewall, hostname: 'f' })], []],
    ['a firewall that nothing stands for', [], [], [machineOf('m', ours, firewall)], ['FirewallUnknown']],
    ['a firewall that is gone', [], [wall('f', 'm')], [], ['MachineGone']],
    [
      'a Machine that has the name of a firewall',
      [object('f')],
      [],
      [machineOf('m', ours, { ...firewall, hostname: 'f' })],
      ['FirewallUnknown'],
    ],
  ])('%s', (_, objects, firewalls, machines, expected) => {
    const comparison = comparisonOf({ machines });
    const snapshot = { ...comparison.snapshot, machines: objects };
    const found = machineFindings({ ...comparison, snapshot, firewalls }, now);
    expect(found.map(({ kind }) => kind)).toEqual(expected);
    expect(found.every(({ cluster, fix }) => cluster === namespace && !fix)).toBe(true);
  });
});

test.each<[string, object, object, string[]]>([
  [
    'what the profile offers',
    { firewallImages: ['f-3.0'], firewallControllerVersions: [{ version: 'v1' }] },
    { image: 'f-3.0', controllerVersion: 'v1' },
    [],
  ],
  ['a patch of what it offers', { firewallImages: ['f-3.0.2'] }, { image: 'f-3.0.1' }, []],
  ['any image where none is listed', {}, { image: 'f-1.0' }, []],
  ['an image of old', { firewallImages: ['f-3.0'] }, { image: 'f-2.0' }, ['FirewallImageNotInProfile']],
  [
    'a controller of old',
    { firewallControllerVersions: [{ version: 'v2' }] },
    { controllerVersion: 'v1' },
    ['FirewallControllerNotInProfile'],
  ],
])('a firewall with %s', (_, plane, spec, expected) => {
  const firewallDeployments = [{ metadata: { name: 'shoot-firewall', namespace }, spec: { template: { spec } } }];
  const found = firewallProfileFindings(comparisonOf({}, { plane }, { firewallDeployments }));
  expect(found.map(({ kind }) => kind)).toEqual(expected);
});

test('images of pools are only looked for where there is a configuration', () => {
  const snapshot = snapshotOf();
  const pool = {
    ...{ name: 'w', minimum: 1, maximum: 1, machineType: 'c1' },
    machineImage: { name: 'u', version: '1' },
  };
  const worker = snapshot.worker && { ...snapshot.worker, spec: { ...snapshot.worker.spec, pools: [pool] } };
  const find = (config?: object) => machineImageFindings({ ...snapshot, worker }, config).length;
  expect([find(), find({}), find({ machineImages: [{ name: 'u', version: '1', image: 'u-1' }] })]).toEqual([0, 1, 0]);
});

test.each<[string, string, string, number]>([
  ['of a namespace that is gone', 'firewall-controller-manager-shoot--p--x', '', 1],
  ['of one that is there', `firewall-controller-manager-${namespace}`, '', 0],
  ['of a name that says nothing', 'firewall-controller-manager-garden', '', 0],
  ['of somebody else', 'metallb-shoot--p--x', '', 0],
  ['that is new', 'firewall-controller-manager-shoot--p--x', young, 0],
])('a webhook configuration %s', (_, name, created, expected) => {
  const metadata = { name, uid: 'u', creationTimestamp: created || '2026-01-01T00:00:00Z' };
  const found = webhookFindings([{ kind: 'MutatingWebhookConfiguration', metadata }], new Set([namespace]), now);
  expect(found).toHaveLength(expected);
  expect(found.every(({ fix }) => fix?.action === 'delete' && fix.goneNamespace === 'shoot--p--x')).toBe(true);
});
