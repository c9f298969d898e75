import { describe, expect, test } from 'vitest';
import type { CloudProfile } from '../../../apis/core/cloud-profile.ts';
import { changed, faults, isolation, NOW, validProfile } from './fixtures.ts';
import { createAdmissionRules } from './rules.ts';

const rules = createAdmissionRules();
const review = (object: CloudProfile, old?: CloudProfile) => rules.validateCloudProfile({ object, old, now: NOW });

const ROOT = 'spec.providerConfig';
const PROD = `${ROOT}.metalControlPlanes[prod]`;
const PARTITION = `${PROD}.partitions[fra-equ01]`;
const ISOLATION = `${PARTITION}.networkIsolation`;
const config = 'spec/providerConfig';
const prod = `${config}/metalControlPlanes/prod`;
const partition = `${prod}/partitions/fra-equ01`;
const isolated = `${partition}/networkIsolation`;

test('a valid CloudProfile has no findings', () => {
  expect(review(validProfile())).toEqual({ errors: [], warnings: [] });
});

describe('one change of a valid CloudProfile', () => {
  test.each<[string, unknown, string[]]>([
    [config, undefined, [`Required ${ROOT}`]],
    [config, null, [`Required ${ROOT}`]],
    [config, 'x', [`Invalid ${ROOT}`]],
    [`${config}/kind`, undefined, [`Required ${ROOT}.kind`]],
    [`${config}/apiVersion`, 'v1', [`NotSupported ${ROOT}.apiVersion`]],
    [`${config}/controlPlanes`, {}, [`Forbidden ${ROOT}.controlPlanes`]],
    [`${config}/metalControlPlanes`, {}, []],
    [prod, 'x', [`Invalid ${PROD}`]],
    [`${prod}/endpoints`, 'x', [`Forbidden ${PROD}.endpoints`]],
    [`${prod}/endpoint`, undefined, [`Required ${PROD}.endpoint`]],
    [`${prod}/endpoint`, 'api.example.org', [`Invalid ${PROD}.endpoint`]],
    [`${prod}/endpoint`, 'ftp://api.example.org', [`Invalid ${PROD}.endpoint`]],
    [`${prod}/endpoint`, 'https://user:secret@api.example.org', [`Invalid ${PROD}.endpoint`]],
    [`${prod}/firewallImages/2`, '', [`Required ${PROD}.firewallImages[2]`]],
    [`${prod}/nftablesExporter`, { version: 'v1', url: 'x' }, [`Invalid ${PROD}.nftablesExporter.url`]],
    [
      `${prod}/firewallControllerVersions/1/version`,
      'v2.4.9',
      [`Duplicate ${PROD}.firewallControllerVersions[1].version`],
    ],
    [`${prod}/firewallControllerVersions/1/version`, '', [`Required ${PROD}.firewallControllerVersions[1].version`]],
    [`${prod}/firewallControllerVersions/1/url`, 'x', [`Invalid ${PROD}.firewallControllerVersions[1].url`]],
    [
      `${prod}/firewallControllerVersions/1/classification`,
      'stable',
      [`NotSupported ${PROD}.firewallControllerVersions[1].classification`],
    ],
    [`${prod}/firewallControllerVersions/1/classification`, null, []],
    [`${prod}/partitions/fra-equ09`, {}, [`NotSupported ${PROD}.partitions[fra-equ09]`]],
    [`${prod}/partitions/muc-equ01`, {}, [`Duplicate ${ROOT}.metalControlPlanes[test].partitions[muc-equ01]`]],
    [`${partition}/firewallTypes/0`, '', [`Required ${PARTITION}.firewallTypes[0]`]],
    [isolated, undefined, []],
    [
      isolated,
      {},
      ['allowedNetworks.egress', 'allowedNetworks.ingress', 'dnsServers', 'ntpServers', 'registryMirrors'].map(
        (name) => `Required ${ISOLATION}.${name}`,
      ),
    ],
    [`${isolated}/dnsServers`, ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'], [`TooMany ${ISOLATION}.dnsServers`]],
    [`${isolated}/dnsServers/1`, '1.1.1', [`Invalid ${ISOLATION}.dnsServers[1]`]],
    [`${isolated}/ntpServers/0`, 'ntp.example.org', [`Invalid ${ISOLATION}.ntpServers[0]`]],
    [`${isolated}/allowedNetworks/egress/0`, '0.0.0.0', [`Invalid ${ISOLATION}.allowedNetworks.egress[0]`]],
    [`${isolated}/allowedNetworks/ingress/0`, '10.1.2.3/8', []],
    [`${isolated}/allowedNetworks/ingress/0`, '10.0.0.0/33', [`Invalid ${ISOLATION}.allowedNetworks.ingress[0]`]],
    [`${isolated}/registryMirrors/0/name`, '', [`Required ${ISOLATION}.registryMirrors[0].name`]],
    [`${isolated}/registryMirrors/0/endpoint`, 'r.io', [`Invalid ${ISOLATION}.registryMirrors[0].endpoint`]],
    [`${isolated}/registryMirrors/0/ip`, undefined, [`Invalid ${ISOLATION}.registryMirrors[0].ip`]],
    [`${isolated}/registryMirrors/0/port`, 0, [`Invalid ${ISOLATION}.registryMirrors[0].port`]],
    [`${isolated}/registryMirrors/0/port`, 65536, [`Invalid ${ISOLATION}.registryMirrors[0].port`]],
    [`${isolated}/registryMirrors/0/mirrorOf`, [], [`Required ${ISOLATION}.registryMirrors[0].mirrorOf`]],
    [`${isolated}/registryMirrors/0/mirrorOf/0`, '', [`Required ${ISOLATION}.registryMirrors[0].mirrorOf[0]`]],
    [`${isolated}/registryMirrors/0/mirrorOf/0`, 'x.io/y', [`Invalid ${ISOLATION}.registryMirrors[0].mirrorOf[0]`]],
    [`${isolated}/registryMirrors/0/mirrorOf/0`, 'https://x', [`Invalid ${ISOLATION}.registryMirrors[0].mirrorOf[0]`]],
    [`${isolated}/registryMirrors/0/mirrorOf/0`, ' x', [`Invalid ${ISOLATION}.registryMirrors[0].mirrorOf[0]`]],
    [`${isolated}/registryMirrors/0/mirrorOf/0`, 'ghcr.io:443', []],
    ['spec/regions/1', undefined, [`NotSupported ${ROOT}.metalControlPlanes[test].partitions[muc-equ01]`]],
  ])('%s = %j', (path, value, expected) => {
    expect(faults(review(withoutHoles(changed(validProfile(), path, value))))).toEqual(expected);
  });
});

const withoutHoles = (profile: CloudProfile): CloudProfile => {
  const regions = profile.spec.regions?.filter((region) => region !== undefined) ?? [];
  return { ...profile, spec: { ...profile.spec, regions } };
};

test('credentials in an endpoint are not repeated', () => {
  const { errors } = review(changed(validProfile(), `${prod}/endpoint`, 'https://user:secret@api.example.org'));
  expect(JSON.stringify(errors)).not.toMatch(/secret/);
});

describe('an update', () => {
  test.each<[string, unknown, string[]]>([
    [`${isolated}/dnsServers`, ['1.1.1.1'], [`Invalid ${ISOLATION}.dnsServers`]],
    [`${isolated}/dnsServers`, ['2001:db8::1', '1.1.1.1'], [`Invalid ${ISOLATION}.dnsServers`]],
    [`${isolated}/dnsServers`, ['1.1.1.1', '2001:db8:0::1'], []],
    [isolated, null, [`Required ${ISOLATION}`]],
    [partition, undefined, []],
    [`${isolated}/ntpServers`, ['134.60.1.28'], []],
    [`${prod}/endpoint`, 'https://new.example.org', []],
  ])('%s = %j', (path, value, expected) => {
    expect(faults(review(changed(validProfile(), path, value), validProfile()))).toEqual(expected);
  });

  test('moves a partition to another control plane with its name servers', () => {
    const { firewallTypes } = { firewallTypes: ['n2'] };
    const moved = changed(validProfile(), partition, undefined);
    const to = (dnsServers: string[]) =>
      changed(moved, `${config}/metalControlPlanes/test/partitions/fra-equ01`, {
        firewallTypes,
        networkIsolation: { ...isolation(), dnsServers },
      });
    expect(faults(review(to(isolation().dnsServers), validProfile()))).toEqual([]);
    expect(faults(review(to(['9.9.9.9']), validProfile()))).toEqual([
      `Invalid ${ROOT}.metalControlPlanes[test].partitions[fra-equ01].networkIsolation.dnsServers`,
    ]);
  });

  test('keeps a fault that was there, and refuses another', () => {
    const old = changed(validProfile(), `${prod}/endpoint`, 'x');
    expect(faults(review(changed(old, 'metadata/labels', { a: 'b' }), old))).toEqual([]);
    expect(faults(review(changed(old, `${prod}/endpoint`, 'y'), old))).toEqual([`Invalid ${PROD}.endpoint`]);
  });

  test('of one that is deleted is never refused', () => {
    const leaving = changed(validProfile(), 'metadata/deletionTimestamp', '2026-03-01T00:00:00Z');
    expect(faults(review(changed(leaving, config, 'x'), validProfile()))).toEqual([]);
  });
});

test('a control plane without a supported version is warned about', () => {
  const { errors, warnings } = review(changed(validProfile(), `${prod}/firewallControllerVersions`, []));
  expect(errors).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(/\[prod\].firewallControllerVersions: none is classified as supported/),
  ]);
});

describe('a NamespacedCloudProfile', () => {
  const namespaced = (spec: object) => ({
    metadata: { name: 'own', namespace: 'garden-local' },
    spec: { parent: { kind: 'CloudProfile', name: 'metal' }, ...spec },
  });
  const judge = (spec: object, oldSpec?: object) =>
    rules.validateNamespacedCloudProfile({
      object: namespaced(spec),
      old: oldSpec && namespaced(oldSpec),
      parent: validProfile(),
      now: NOW,
    });
  const { providerConfig } = validProfile().spec;

  test.each<[object, string[]]>([
    [{}, []],
    [{ providerConfig: null }, []],
    [{ providerConfig }, [`Forbidden ${ROOT}.metalControlPlanes`]],
    [{ providerConfig: { ...(providerConfig as object), metalControlPlanes: {} } }, []],
    [
      { providerConfig: { ...(providerConfig as object), metalControlPlanes: null, more: 1 } },
      [`Forbidden ${ROOT}.more`],
    ],
    [{ providerConfig: 'x' }, [`Invalid ${ROOT}`]],
  ])('%j', (spec, expected) => {
    expect(faults(judge(spec))).toEqual(expected);
  });

  test('keeps what it had', () => {
    expect(faults(judge({ providerConfig, limits: {} }, { providerConfig }))).toEqual([]);
  });

  test('is warned about images that controllers may not know', () => {
    const machineImages = [
      { name: 'ubuntu', versions: [{ version: '24.4.1' }, { version: '27.1.0' }] },
      { name: 'own', versions: [{ version: '1.0.0' }] },
    ];
    expect(judge({ machineImages }).warnings).toEqual([
      expect.stringMatching(/^spec.machineImages\[0\].versions\[1\].version: ubuntu 27.1.0/),
      expect.stringMatching(/^spec.machineImages\[1\].versions\[0\].version: own 1.0.0/),
    ]);
  });
});
