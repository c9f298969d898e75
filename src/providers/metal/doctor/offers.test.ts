import { expect, test } from 'vitest';
import type { GardenProfile, StoredMachines } from '../../doctor.ts';
import { comparisonOf, idTag, machineOf, now } from './fixtures.ts';
import { offersOf, profileFindings } from './offers.ts';
import { storedFindings } from './stored.ts';

const catalogue = { images: ['ubuntu-24.4.20260114', 'firewall-ubuntu-3.0.20260112'], sizes: ['c1', 'n1'] };
const config = {
  machineImages: [
    { name: 'ubuntu', version: '24.4', image: 'ubuntu-24.4' },
    { name: 'debian', version: '12', image: 'debian-12' },
  ],
};
const image = (name: string, version: string, fields: object = {}) => ({ name, versions: [{ version, ...fields }] });
const profileOf = (spec: object, plane: object = {}, namespace?: string): GardenProfile => ({
  ...{ garden: 'g', name: 'metal', namespace },
  spec: { ...spec, providerConfig: { metalControlPlanes: { local: { endpoint: 'http://metal', ...plane } } } },
});
const findingsOf = (profiles: GardenProfile[]) => {
  const offers = offersOf(profiles).map((offer) => ({ ...offer, catalogue }));
  return profileFindings(profiles, offers, config, now);
};
const expired = { expirationDate: '2020-01-01T00:00:00Z' };

test.each<[string, GardenProfile, string[]]>([
  ['nothing', profileOf({}), []],
  ['a size', profileOf({ machineTypes: [{ name: 'c1' }] }), []],
  ['no size', profileOf({ machineTypes: [{ name: 'c9' }] }), ['MachineTypeNotAtMetalApi']],
  ['no size, for nobody', profileOf({ machineTypes: [{ name: 'c9', usable: false }] }), []],
  [
    'a firewall of no size',
    profileOf({}, { partitions: { fra: { firewallTypes: ['n1', 'n9'] }, muc: { firewallTypes: ['n9'] } } }),
    ['MachineTypeNotAtMetalApi'],
  ],
  ['an image for firewalls', profileOf({}, { firewallImages: ['firewall-ubuntu-3.0'] }), []],
  ['any image of a version for firewalls', profileOf({}, { firewallImages: ['firewall-ubuntu-3'] }), []],
  [
    'an image of a similar name',
    profileOf({}, { firewallImages: ['firewall-ubuntu-3.0.2026'] }),
    ['FirewallImageNotAtMetalApi'],
  ],
  ['an image', profileOf({ machineImages: [image('ubuntu', '24.4')] }), []],
  ['no image', profileOf({ machineImages: [image('debian', '12')] }), ['MachineImageNotAtMetalApi']],
  ['no image, any more', profileOf({ machineImages: [image('debian', '12', expired)] }), []],
  ['an image that nobody knows', profileOf({ machineImages: [image('ubuntu', '26')] }), ['MachineImageNotConfigured']],
])('a profile that offers %s', (_, profile, expected) => {
  const found = findingsOf([profile]);
  expect(found.map(({ kind }) => kind)).toEqual(expected);
  expect(found.every(({ garden }) => garden === 'g')).toBe(true);
});

test('images of machines are looked for only where there is a configuration', () => {
  const profile = profileOf({ machineImages: [image('debian', '12'), image('ubuntu', '26')] });
  const offers = offersOf([profile]).map((offer) => ({ ...offer, catalogue }));
  expect(profileFindings([profile], offers, undefined, now)).toEqual([]);
});

test('what a profile of a project adds is told of that, and what it has of its parent is not told twice', () => {
  const types = (...names: string[]) => ({ machineTypes: names.map((name) => ({ name })) });
  const found = findingsOf([profileOf(types('c9')), profileOf(types('c9', 'c10'), {}, 'garden-p')]);
  expect(found.map(({ object, message }) => [object, message.split(',')[0]])).toEqual([
    ['CloudProfile metal', 'offers the machine type c9'],
    ['NamespacedCloudProfile garden-p/metal', 'offers the machine type c10'],
  ]);
});

test.each<[string, GardenProfile]>([
  ['whose configuration cannot be read', { garden: 'g', name: 'x', spec: { providerConfig: 'rubbish' } }],
  ['without a configuration', { garden: 'g', name: 'x', spec: {} }],
])('a profile %s is not compared', (_, profile) => expect(offersOf([profile])).toEqual([]));

const machine = machineOf('here', [idTag('abc')]);
const comparisons = [comparisonOf({ machines: [machine, { ...machineOf('waiting', []), allocation: undefined }] })];
const stored = (clusterID: string, ...ids: string[]): StoredMachines => ({
  ...{ garden: 'g', object: 'ShootState garden-p/a', cluster: 'shoot--p--a', clusterID },
  providerIDs: ids.map((id) => `metal:///fra/${id}`),
});

test.each<[string, StoredMachines, string[]]>([
  ['that are there', stored('abc', 'here'), []],
  ['of which none is', stored('abc'), []],
  ['of a cluster that was not looked at', stored('other', 'lost'), []],
  ['of which one is lost', stored('abc', 'here', 'lost'), ['has 1 of 2 machines']],
  ['of which one waits in the pool', stored('abc', 'waiting'), ['has 1 of 1 machines']],
  [
    'of which many are lost',
    stored('abc', ...Array.from({ length: 40 }, (_, index) => `m${index}`)),
    ['m4 and others'],
  ],
])('a state with machines %s', (_, state, expected) => {
  const found = storedFindings(state, comparisons);
  expect(found.map(({ message }) => message)).toEqual(expected.map((text) => expect.stringContaining(text)));
  expect(found.every(({ severity }) => severity === 'info')).toBe(true);
});
