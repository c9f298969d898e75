import { expect, test } from 'vitest';
import type { KubeObject } from '../kube/object.ts';
import { snapshotOf } from './fixtures.ts';
import { knownShoots, strangerFindings } from './known-shoots.ts';

const shoot = (uid: string): KubeObject => ({ metadata: { name: uid, uid } });
const deleting = snapshotOf({
  shoot: { metadata: { name: 'd', uid: 'going', deletionTimestamp: '2026-01-01T00:00:00Z' } },
});

test.each<[string, (readonly KubeObject[] | undefined)[], boolean, number]>([
  ['no garden', [], false, 0],
  ['the garden', [[shoot('abc'), shoot('def')]], true, 0],
  ['one of two gardens', [[], [shoot('abc')]], true, 0],
  ['another garden', [[shoot('def')]], false, 1],
  ['a garden that could not be read', [[shoot('abc')], undefined], false, 0],
])('%s: complete %s', (_, gardens, isComplete, strangers) => {
  const clusters = [snapshotOf(), deleting];
  expect(knownShoots(gardens, clusters).isComplete).toBe(isComplete);
  expect(strangerFindings(gardens, clusters)).toHaveLength(strangers);
});
