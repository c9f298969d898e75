import { describe, expect, test } from 'vitest';
import { csiLvmOf, durosModel, durosOfPartition, reachesStorage } from './storage.ts';

test.each([
  [{}, { isDefault: true }],
  [{ customDefaultStorageClass: { className: 'csi-lvm' } }, { isDefault: true }],
  [{ customDefaultStorageClass: { className: 'gold' } }, { isDefault: false }],
  [{ customDefaultStorageClass: { className: '' } }, { isDefault: false }],
  [{ customDefaultStorageClass: {} }, { isDefault: false }],
  [{ featureGates: { disableCsiLvm: false } }, { isDefault: true }],
  [{ featureGates: { disableCsiLvm: true } }, undefined],
])('csi-lvm with %j: %j', (config, expected) => {
  expect(csiLvmOf(config)).toEqual(expected);
});

const storage = {
  endpoints: ['192.0.2.1:443', '[2001:db8::1]:443'],
  adminKey: 'key',
  adminToken: 'token',
  apiEndpoint: 'duros.example.com:443',
  storageClasses: [
    { name: 'silver', replicaCount: 2 },
    { name: 'gold-encrypted', replicaCount: 3, compression: true, encryption: true },
    { name: 'gold', replicaCount: 3, compression: true },
  ],
};

test.each([
  ['in use', { enabled: true, partitionConfig: { muc: storage } }, storage],
  ['not enabled', { partitionConfig: { muc: storage } }, undefined],
  ['another partition', { enabled: true, partitionConfig: { fra: storage } }, undefined],
  ['no partition', { enabled: true }, undefined],
  ['no Duros', undefined, undefined],
])('%s', (_, duros, expected) => {
  expect(durosOfPartition({ storage: { duros } }, 'muc')).toBe(expected);
});

test.each([
  [{ 'network.metal-stack.io/partition-storage': '' }, 'muc', true],
  [{ 'network.metal-stack.io/partition-storage': '' }, 'fra', false],
  [{}, 'muc', false],
])('a network with %j in %s reaches the storage of muc: %s', (labels, partitionid, expected) => {
  const network = {
    id: 'storage',
    prefixes: [],
    projectid: undefined,
    partitionid,
    description: undefined,
    labels,
    created: undefined,
  };
  expect(reachesStorage([network], 'muc')).toBe(expected);
});

describe('durosModel', () => {
  const defaultOf = (config: Parameters<typeof durosModel>[2]) => {
    const defaults = durosModel(storage, 'muc', config).storageClasses.filter((each) => each.default);
    expect(defaults.length).toBeLessThanOrEqual(1);
    return defaults[0]?.name;
  };
  const encrypting = { durosStorageEncryption: true };

  test('classes that encrypt are offered only with their feature gate', () => {
    const names = (config: Parameters<typeof durosModel>[2]) =>
      durosModel(storage, 'muc', config).storageClasses.map(({ name }) => name);
    expect(names({})).toEqual(['silver', 'gold']);
    expect(names({ featureGates: encrypting })).toEqual(['silver', 'gold-encrypted', 'gold']);
  });

  test.each([
    ['csi-lvm is it', {}, undefined],
    ['the one that was asked for', { customDefaultStorageClass: { className: 'silver' } }, 'silver'],
    ['without csi-lvm: most replicas', { featureGates: { disableCsiLvm: true } }, 'gold'],
    ['not one that encrypts', { featureGates: { disableCsiLvm: true, ...encrypting } }, 'gold'],
    [
      'the one that was asked for instead of it',
      { featureGates: { disableCsiLvm: true }, customDefaultStorageClass: { className: 'silver' } },
      'silver',
    ],
    [
      'none was asked for',
      { featureGates: { disableCsiLvm: true }, customDefaultStorageClass: { className: '' } },
      undefined,
    ],
    [
      'one of others was asked for',
      { featureGates: { disableCsiLvm: true }, customDefaultStorageClass: { className: 'own' } },
      undefined,
    ],
  ])('default class, %s', (_, config, expected) => {
    expect(defaultOf(config)).toBe(expected);
  });

  test('a client certificate needs its key', () => {
    const certificate = (more: object) => durosModel({ ...storage, ...more }, 'muc', {}).apiCertificate;
    expect(certificate({ apiCert: 'c', apiKey: 'k' })).toEqual({ cert: 'c', key: 'k' });
    expect(certificate({ apiCert: 'c' })).toBeUndefined();
  });

  test('all faults are told, no key is', () => {
    const faulty = { adminKey: 'secret', endpoints: ['host:443', '192.0.2.1'], apiEndpoint: 'duros.example.com' };
    const message = expect.stringMatching(
      /partitionConfig\.muc .*adminToken must be set; apiEndpoint must be host:port; endpoint host:443 .*endpoint 192\.0\.2\.1 /,
    );
    expect(() => durosModel(faulty, 'muc', {})).toThrow(
      expect.objectContaining({ codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'], message }),
    );
    expect(() => durosModel(faulty, 'muc', {})).toThrow(/^((?!secret).)*$/);
  });
});
