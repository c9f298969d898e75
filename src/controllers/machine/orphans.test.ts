import { expect, it } from 'vitest';
import { machine } from './fixtures.ts';
import { findOrphans } from './orphans.ts';
import { vanished } from './vanished.ts';

const graceMs = 1_000;
const known = (
  name: string,
  providerID: string | undefined,
  phase: 'Running' | 'Pending' | 'CrashLoopBackOff' | '' = 'Running',
) => machine(phase, { metadata: { name }, spec: { ...(providerID && { providerID }) } });
const look = (listed: [string, string][], machines: ReturnType<typeof known>[], since?: number) =>
  findOrphans({
    listed: new Map(listed),
    machines,
    suspects: new Map(since === undefined ? [] : listed.map(([id]) => [id, since])),
    now: 5_000,
    graceMs,
  });

it.each([
  ['its Machine is there', [known('m', 'p')], false],
  ['another Machine says that it is its', [known('other', 'p')], false],
  ['there is no Machine', [], true],
  ['its Machine has another', [known('m', 'q')], true],
  ['its Machine is being made', [known('m', undefined, '')], false],
  ['its Machine could not be made yet', [known('m', 'q', 'CrashLoopBackOff')], false],
  ['its Machine has none written down', [known('m', undefined, 'Pending')], false],
])('a machine is an orphan: %s', (_, machines, expected) => {
  const { orphans, suspects } = look([['p', 'm']], machines, 0);
  expect(orphans.has('p')).toBe(expected);
  expect(suspects.has('p')).toBe(expected);
});

it.each([
  ['at the first look', undefined, false],
  ['within the grace', 4_500, false],
  ['after the grace', 4_000, true],
])('nothing is given back before: %s', (_, since, expected) => {
  const { orphans, suspects } = look([['p', 'm']], [], since);
  expect(orphans.has('p')).toBe(expected);
  expect(suspects.get('p')).toBe(since ?? 5_000);
});

it.each([
  ['it is there', known('m', 'p'), false],
  ['it is not there', known('m', 'q'), true],
  ['it is not made yet', known('m', undefined), false],
  [
    'it is to go',
    machine('Running', { metadata: { name: 'm', deletionTimestamp: 'x' }, spec: { providerID: 'q' } }),
    false,
  ],
])('the machine of a Machine has vanished: %s', (_, one, expected) => {
  expect(vanished([one], new Map([['p', 'm']]))).toEqual(expected ? [one] : []);
});
