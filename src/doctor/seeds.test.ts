import { expect, test } from 'vitest';
import type { ClusterSnapshot } from '../providers/doctor.ts';
import { seedOf, snapshotOf } from './fixtures.ts';
import type { ReadSeed } from './seed.ts';
import { settleSeeds, twofoldFindings } from './seeds.ts';

const read = (path: string, clusters: readonly ClusterSnapshot[], given?: string): ReadSeed => {
  const { name, seedName, ...rest } = seedOf(clusters);
  return { ...rest, source: { given, path } };
};
const cluster = (uid: string, shoot: string, seedName?: string) =>
  snapshotOf({ uid, shoot: { metadata: { name: 'a', uid: shoot } }, ...(seedName ? { seedName } : {}) });
const a = cluster('1', 'abc', 'fra-1');
const other = cluster('2', 'def', 'fra-2');

test.each<[string, ReadSeed[], string[]]>([
  ['what the Clusters say', [read('x', [a])], ['fra-1']],
  ['what it was given', [read('x', [], 'b')], ['b']],
  ['its kubeconfig, when it says nothing', [read('x', [])], ['x']],
  ['its kubeconfig, when the Clusters say two things', [read('x', [a, other])], ['x']],
  ['what it was given, if a Cluster says so too', [read('x', [a, other], 'fra-1')], ['fra-1']],
  [
    'their kubeconfigs, when two are of one name',
    [read('x', [a]), read('y', [cluster('3', 'c', 'fra-1')])],
    ['x', 'y'],
  ],
])('a seed is called %s', (_, given, names) => {
  const { seeds, unseen } = settleSeeds(given);
  expect(seeds.map(({ name }) => name)).toEqual(names);
  expect(seeds.flatMap(({ name, clusters }) => clusters.filter(({ seed }) => seed !== name))).toEqual([]);
  expect(unseen).toEqual([]);
});

test('a kubeconfig that is of another seed than it was called is no proof of anything', () => {
  const { unseen } = settleSeeds([read('x', [a], 'fra-9')]);
  expect(unseen).toEqual([{ what: 'seed fra-9', reason: 'the Clusters in x are of fra-1: name it so' }]);
});

test('one API server by two kubeconfigs is noticed', () => {
  const { unseen } = settleSeeds([read('x', [a]), read('y', [a])]);
  expect(unseen).toEqual([{ what: 'seed y', reason: 'has the same Clusters as x: name it once' }]);
});

test('a Shoot in two seeds is being moved; another one of the same technical id is not', () => {
  const moved = cluster('3', 'abc', 'fra-2');
  const { seeds } = settleSeeds([read('x', [a]), read('y', [moved, other])]);
  const marks = seeds.map(({ clusters }) => clusters.map(({ isElsewhere }) => isElsewhere ?? false));
  expect(marks).toEqual([[true], [true, false]]);
  expect(twofoldFindings(seeds)).toMatchObject([
    { kind: 'ShootOnTwoSeeds', message: expect.stringContaining('in the seeds fra-1, fra-2') },
  ]);
});
