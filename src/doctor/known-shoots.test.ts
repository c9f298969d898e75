import { expect, test } from 'vitest';
import { seedOf, snapshotOf } from './fixtures.ts';
import { gardenShoot, type SeenGarden } from './garden-shoot.ts';
import { knownShoots, otherSeedFindings, strangerFindings, type Whereabouts } from './known-shoots.ts';

const shoot = (uid: string, seedName = 'fra-1', type = 'metal', status = {}) =>
  gardenShoot.parse({ metadata: { name: uid, uid }, spec: { seedName, provider: { type } }, status });
const garden = (shoots: SeenGarden['shoots'], name = 'g') => ({ name, shoots });
const deleting = snapshotOf({
  shoot: { metadata: { name: 'd', uid: 'going', deletionTimestamp: '2026-01-01T00:00:00Z' } },
});
const seeds = [seedOf([snapshotOf(), deleting])];
const where = (gardens: readonly SeenGarden[], fields: Partial<Whereabouts> = {}): Whereabouts => ({
  ...{ gardens, seeds, unreadSeeds: [], type: 'metal', ...fields },
});

test.each<[string, SeenGarden[], boolean, number]>([
  ['no garden', [], false, 0],
  ['the garden', [garden([shoot('abc'), shoot('def')])], true, 0],
  ['one of two gardens', [garden([]), garden([shoot('abc')])], true, 0],
  ['another garden', [garden([shoot('def')])], false, 1],
  ['a garden that could not be read', [garden([shoot('abc')]), garden(undefined)], false, 0],
])('%s: complete %s', (_, gardens, areGardensComplete, strangers) => {
  expect(knownShoots(where(gardens)).areGardensComplete).toBe(areGardensComplete);
  expect(strangerFindings(where(gardens))).toHaveLength(strangers);
});

const migrating = { seedName: 'fra-3' };

test.each<[string, Whereabouts, string[]]>([
  ['the only one', where([garden([shoot('abc')])]), []],
  ['another one', where([garden([shoot('abc'), shoot('x', 'fra-2'), shoot('y', 'fra-2')])]), ['seed fra-2']],
  ['another one of another type', where([garden([shoot('abc'), shoot('x', 'fra-2', 'other')])]), []],
  ['where a Shoot still is', where([garden([shoot('abc', 'fra-1', 'metal', migrating)])]), ['seed fra-3']],
  ['none, of Shoots that are nowhere yet', where([garden([shoot('abc'), shoot('x', '')])]), []],
  [
    'one of the same name in another garden',
    where([garden([shoot('abc')]), garden([shoot('x')], 'h')]),
    ['seed fra-1 of garden h'],
  ],
  [
    'one whose kubeconfig is that of another',
    where([garden([shoot('abc'), shoot('x', 'fra-2')])], { seeds: [...seeds, seedOf([], { seedName: 'fra-2' })] }),
    ['seed fra-2'],
  ],
  ['one that did not answer', where([garden([shoot('abc')])], { unreadSeeds: ['seed fra-9'] }), ['seed fra-9']],
])('not looked at: %s', (_, given, otherSeeds) => {
  expect(knownShoots(given).otherSeeds).toEqual(otherSeeds);
});

test('a seed that was not looked at is named, with what it has', () => {
  const found = otherSeedFindings(where([garden([shoot('abc'), shoot('x', 'fra-2')])]));
  expect(found).toMatchObject([{ severity: 'info', object: 'Seed fra-2', garden: 'g' }]);
  expect(found[0]?.message).toBe('has 1 Shoot of type metal, and none of them was looked at');
});
