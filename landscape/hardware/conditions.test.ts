import { expect, test } from 'vitest';
import { conditionsOf, type Health } from './conditions.ts';

const EARLIER = '2026-01-02T03:04:05Z';
const NOW = '2026-01-02T03:05:05Z';

test.each<[Health, string, string]>([
  ['well', 'True', 'False'],
  ['not-ready', 'False', 'False'],
  ['silent', 'Unknown', 'Unknown'],
])('a Node that is %s has Ready %s and pressures %s', (health, ready, pressure) => {
  const statuses = Object.fromEntries(conditionsOf(health, [], NOW).map(({ type, status }) => [type, status]));
  expect(statuses).toEqual({
    ...{ Ready: ready, MemoryPressure: pressure, DiskPressure: pressure, PIDPressure: pressure },
  });
});

test('conditions of others stay, and a transition is a change of the status', () => {
  const foreign = { type: 'KernelDeadlock', status: 'False', lastTransitionTime: EARLIER } as const;
  const before = [foreign, ...conditionsOf('well', [], EARLIER)];
  const after = conditionsOf('not-ready', before, NOW);
  expect(after).toContainEqual(foreign);
  const times = Object.fromEntries(after.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]));
  expect(times).toMatchObject({ Ready: NOW, DiskPressure: EARLIER });
});
