import { describe, expect, test } from 'vitest';
import type { CloudProfile } from '../../../apis/core/cloud-profile.ts';
import type { Shoot } from '../../../apis/core/shoot.ts';
import { changed, faults, NOW, validProfile, validShoot } from './fixtures.ts';
import { createAdmissionRules } from './rules.ts';

const rules = createAdmissionRules();
const INFRA = 'spec.provider.infrastructureConfig';
const infra = 'spec/provider/infrastructureConfig';
const cp = 'spec/provider/controlPlaneConfig';
const pool = 'spec/provider/workers/0';

const update = (old: Shoot, object: Shoot, profile: CloudProfile = validProfile(), now = NOW) =>
  faults(rules.validateShoot({ object, old, profile, now }));

test.each<[string, unknown, unknown, string[]]>([
  [`${infra}/projectID`, 'p1', 'p2', [`Invalid ${INFRA}.projectID`]],
  [`${infra}/partitionID`, 'fra-equ01', 'fra-equ02', [`Invalid ${INFRA}.partitionID`]],
  [`${infra}/partitionID`, 'fra-equ01', '', [`Required ${INFRA}.partitionID`]],
  [infra, { projectID: 'p1' }, undefined, [`Required ${INFRA}`]],
  [
    'metadata/annotations',
    { 'cluster.metal-stack.io/tenant': 'a' },
    { 'cluster.metal-stack.io/tenant': 'b' },
    ['Forbidden metadata.annotations'],
  ],
  ['metadata/annotations', {}, { 'cluster.metal-stack.io/tenant': 'b' }, ['Forbidden metadata.annotations']],
  [`${cp}/networkAccessType`, undefined, 'forbidden', ['Invalid spec.provider.controlPlaneConfig.networkAccessType']],
  [
    `${cp}/networkAccessType`,
    'forbidden',
    'restricted',
    ['Invalid spec.provider.controlPlaneConfig.networkAccessType'],
  ],
  [`${cp}/networkAccessType`, 'restricted', null, ['Invalid spec.provider.controlPlaneConfig.networkAccessType']],
  [`${cp}/networkAccessType`, undefined, 'baseline', []],
  [`${cp}/networkAccessType`, 'Restricted', 'restricted', []],
])('%s from %j to %j', (path, before, after, expected) => {
  expect(update(changed(validShoot(), path, before), changed(validShoot(), path, after))).toEqual(expected);
});

test('removing the ControlPlaneConfig does not lift the isolation', () => {
  const isolated = changed(validShoot(), `${cp}/networkAccessType`, 'forbidden');
  expect(update(isolated, changed(isolated, cp, undefined))).toEqual([
    'Invalid spec.provider.controlPlaneConfig.networkAccessType',
  ]);
});

test('what is immutable is so beside other faults, old and new', () => {
  const broken = changed(validShoot(), `${infra}/firewall/networks`, 'internet');
  expect(update(broken, changed(broken, `${infra}/projectID`, 'p2'))).toEqual([
    `Invalid ${INFRA}.firewall.networks`,
    `Invalid ${INFRA}.projectID`,
  ]);
});

test('what could not be read before must be corrected with its first change', () => {
  const broken = changed(validShoot(), `${infra}/firewall/networks`, 'internet');
  expect(update(broken, changed(broken, 'metadata/annotations/more', 'x'))).toEqual([]);
  expect(update(broken, changed(broken, `${pool}/maximum`, 9))).toEqual([]);
  expect(update(broken, changed(broken, `${infra}/firewall/size`, 'x'))).toEqual([
    `Invalid ${INFRA}.firewall.networks`,
  ]);
  const unknown = changed(validShoot(), `${infra}/more`, 1);
  expect(update(unknown, changed(unknown, `${pool}/maximum`, 9))).toEqual([]);
});

describe('a Shoot that was valid yesterday', () => {
  const stricter: [string, CloudProfile][] = [
    ['the image of its machines is withdrawn', changed(validProfile(), 'spec/machineImages', [])],
    ['its machine type is withdrawn', changed(validProfile(), 'spec/machineTypes', [])],
    [
      'its firewall image is withdrawn',
      changed(validProfile(), 'spec/providerConfig/metalControlPlanes/prod/firewallImages', ['other']),
    ],
    ['its partition is withdrawn', changed(validProfile(), 'spec/providerConfig/metalControlPlanes', {})],
    ['the profile cannot be read', changed(validProfile(), 'spec/providerConfig', 'x')],
  ];
  const changes: [string, (shoot: Shoot) => Shoot][] = [
    ['annotated', (shoot) => changed(shoot, 'metadata/annotations/more', 'x')],
    ['hibernated', (shoot) => changed(shoot, 'spec/hibernation', { enabled: true })],
    ['scaled', (shoot) => changed(shoot, `${pool}/maximum`, 9)],
    ['given an egress rule less', (shoot) => changed(shoot, `${infra}/firewall/egressRules`, [])],
    ['deleted', (shoot) => changed(shoot, 'metadata/deletionTimestamp', '2026-03-01T00:00:00Z')],
  ];
  for (const [reason, profile] of stricter) {
    test.each(changes)(`${reason}: can be %s`, (_, change) => {
      expect(update(validShoot(), change(validShoot()), profile)).toEqual([]);
    });
  }

  test('is refused what it changes for the worse', () => {
    const [, profile = validProfile()] = stricter[0] ?? [];
    const object = changed(validShoot(), `${pool}/machine/image/version`, '24.3.9');
    expect(update(validShoot(), changed(object, `${pool}/machine/image/name`, 'suse'), profile)).toEqual([
      'NotSupported spec.provider.workers[0].machine.image.name',
    ]);
  });

  test('keeps pools that move up when another is removed, and gets no more of the same', () => {
    const [first] = validShoot().spec.provider?.workers ?? [];
    const second = { ...first, name: 'group-1', machine: { type: 'c1', image: { name: 'ubuntu', version: '24.4.0' } } };
    const old = changed(validShoot(), 'spec/provider/workers', [first, second]);
    expect(update(old, changed(old, 'spec/provider/workers', [second]))).toEqual([]);
    const third = { ...second, name: 'group-2' };
    expect(update(old, changed(old, 'spec/provider/workers', [first, second, third]))).toEqual([
      'Invalid spec.provider.workers[2].machine.image.version',
    ]);
  });

  test('is judged whole by another profile', () => {
    const object = changed(validShoot(), 'spec/cloudProfile/name', 'other');
    expect(update(validShoot(), object, changed(validProfile(), 'spec/machineTypes', []))).toEqual([
      'NotSupported spec.provider.workers[0].machine.type',
    ]);
  });

  test('is refused an overlap that it brings, and keeps one that it had', () => {
    const overlapping = changed(validShoot(), 'spec/networking/nodes', '10.240.0.0/22');
    expect(update(validShoot(), overlapping)).toEqual(['Invalid spec.networking.pods']);
    expect(update(overlapping, changed(overlapping, `${pool}/maximum`, 9))).toEqual([]);
  });
});

test('on its way out only its identity is kept', () => {
  const leaving = changed(validShoot(), 'metadata/deletionTimestamp', '2026-03-01T00:00:00Z');
  expect(update(validShoot(), changed(leaving, `${infra}/firewall`, 'x'))).toEqual([]);
  expect(update(validShoot(), changed(leaving, `${infra}/projectID`, 'p2'))).toEqual([`Invalid ${INFRA}.projectID`]);
});
