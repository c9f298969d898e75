import { expect, test } from 'vitest';
import type { KubeObject } from '../kube/object.ts';
import { ago, day, hour, minute, namespace, now, seedOf, snapshotOf } from './fixtures.ts';
import { imageFindings } from './images.ts';
import { leaseFindings } from './leases.ts';
import { rotationFindings } from './rotation.ts';
import { seedFindings } from './seed-findings.ts';
import { stuckFindings } from './stuck.ts';

const versions = (...fields: object[]) => ({ machineImages: [{ name: 'ubuntu', versions: fields }] });

test.each<[string, object, string[]]>([
  ['a profile without images', {}, []],
  ['an image that is offered', versions({ version: '24.4' }), []],
  ['one that is not', versions({ version: '22.4' }), ['MachineImageNotInProfile']],
  ['one of no version', { machineImages: [{ name: 'ubuntu' }] }, ['MachineImageNotInProfile']],
  ['one that expires next year', versions({ version: '24.4', expirationDate: ago(-365 * day) }), []],
  ['one that expires next week', versions({ version: '24.4', expirationDate: ago(-7 * day) }), ['MachineImageExpires']],
  [
    'one whose life ends',
    versions({
      version: '24.4',
      lifecycle: [{ classification: 'supported' }, { classification: 'expired', startTime: ago(day) }],
    }),
    ['MachineImageExpires'],
  ],
])('%s', (_, profile, expected) => {
  expect(imageFindings(snapshotOf({ profile }), now).map(({ kind }) => kind)).toEqual(expected);
});

test.each<[string, string, number, number]>([
  ['a completed rotation', 'Completed', 90, 0],
  ['a new rotation', 'Prepared', 3, 0],
  ['a rotation that nobody completes', 'Prepared', 31, 1],
])('%s', (_, phase, days, expected) => {
  const certificateAuthorities = { phase, lastInitiationTime: ago(days * day) };
  const shoot = { status: { credentials: { rotation: { certificateAuthorities } } } };
  expect(rotationFindings(snapshotOf({ shoot }), now)).toHaveLength(expected);
});

test('a lease that was never renewed is as stale as one that was long ago', () => {
  const metadata = { name: 'l', namespace: 'x' };
  const at = (renewTime?: string) => ({ metadata, spec: renewTime ? { renewTime } : {} });
  const found = leaseFindings([at(ago(minute)), at(ago(hour)), at()], now);
  expect(found.map(({ message }) => message)).toEqual([
    'has not been renewed for 60 min',
    'has not been renewed for an unknown time',
  ]);
});

test.each<[string, KubeObject['metadata'], string | undefined]>([
  ['just now', { name: 'a', namespace, deletionTimestamp: ago(minute) }, undefined],
  [
    'long ago',
    { name: 'a', namespace, deletionTimestamp: ago(3 * day), finalizers: ['x', 'y'] },
    'is being deleted for 3 d, held by x, y',
  ],
  [
    'without finalizers',
    { name: namespace, deletionTimestamp: ago(3 * hour) },
    'is being deleted for 3 h, without finalizers',
  ],
])('an object that is deleted %s', (_, metadata, message) => {
  const found = stuckFindings([{ kind: 'Worker', metadata }], 30 * minute, now);
  expect(found).toMatchObject(message ? [{ cluster: namespace, message }] : []);
});

test('a healthy seed has none, and each says in which seed it is', () => {
  const webhookTargets = [{ configuration: 'c', service: 's', exists: true }];
  const seed = seedOf([snapshotOf()], { webhookTargets });
  expect(seedFindings(seed, 0, now)).toEqual([]);
  const ill = { ...seed, webhookTargets: webhookTargets.map((target) => ({ ...target, exists: false })) };
  expect(seedFindings(ill, 0, now)).toMatchObject([{ kind: 'WebhookWithoutService', seed: 'fra-1' }]);
});
