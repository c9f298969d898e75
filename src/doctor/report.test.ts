import { expect, test } from 'vitest';
import type { Finding } from '../providers/doctor.ts';
import { exitCodeOf, type Report, reportAsJson, type ToldFinding } from './report.ts';
import { reportAsText } from './text.ts';

const finding = (fields: Partial<ToldFinding> = {}): ToldFinding => ({
  ...{ severity: 'warning', kind: 'IPLeaked', object: 'ip 10.0.0.1', cluster: 'shoot--a', message: 'is left' },
  ...{ advice: 'Free it', ...fields },
});
const fix: NonNullable<Finding['fix']> = {
  ...{ action: 'release', resource: 'ip', id: '10.0.0.1', account: 'x', clusterID: 'c' },
};
const seeds = [{ name: 'fra-1', clusters: 2 }];
const report = (findings: ToldFinding[], unseen: Report['unseen'] = []): Report => ({
  ...{ asked: 1, seeds, findings, unseen },
});
const unseen = [{ what: 'project p', reason: 'refused' }];

test.each<[string, Report, number]>([
  ['nothing', report([]), 0],
  ['a note', report([finding({ severity: 'info' })]), 0],
  ['a warning', report([finding()]), 1],
  ['a fixed warning', report([finding({ fix, result: { outcome: 'done' } })]), 0],
  ['a warning that was left', report([finding({ fix, result: { outcome: 'left', reason: 'x' } })]), 1],
  ['something that was not seen', report([], unseen), 2],
])('%s', (_, given, code) => {
  expect(exitCodeOf(given)).toBe(code);
  expect(JSON.parse(reportAsJson(given)).exitCode).toBe(code);
});

const plain = { colour: false, fix: false };

test('people read it by cluster and severity, aligned, on lines that nobody else breaks', () => {
  const findings = [
    finding({ cluster: 'shoot--b', fix }),
    finding({ object: 'Machine with\na \u001b[31mlonger name' }),
    finding({ severity: 'error', kind: 'MachineGone', object: 'Machine m', message: 'is gone' }),
    finding({ severity: 'info', cluster: '' }),
  ];
  expect(reportAsText(report(findings, unseen), plain)).toBe(`seed
  note     ip 10.0.0.1  is left
           IPLeaked -> Free it

shoot--a
  error    Machine m                        is gone
           MachineGone -> Free it
  warning  Machine with a  [31mlonger name  is left
           IPLeaked -> Free it

shoot--b
  warning  ip 10.0.0.1  is left
           IPLeaked -> Free it

could not look at
  project p: refused

2 clusters: 1 error, 2 warnings, 1 note, 1 could not be looked at
`);
});

test('a condition is named by others, too', () => {
  const findings = [finding({ kind: 'ConditionA\u001b[2J\nB' })];
  expect(reportAsText(report(findings), plain)).toContain('ConditionA [2J B -> Free it\n');
});

test('with several seeds it says which', () => {
  const findings = [
    finding({ cluster: '0af1' }),
    finding({ seed: 'fra-2' }),
    finding({ seed: 'fra-1', cluster: '' }),
    finding({ seed: 'fra-1' }),
    finding({ cluster: '' }),
    finding({ garden: 'g', cluster: '' }),
    finding({ garden: 'g' }),
  ];
  const both = { asked: 2, seeds: [...seeds, { name: 'fra-2', clusters: 1 }], findings, unseen: [] };
  const heads = reportAsText(both, plain)
    .split('\n')
    .filter((line) => /^\S/.test(line));
  expect(heads).toEqual([
    'garden',
    'garden, shoot--a',
    'all seeds',
    'seed fra-1',
    'seed fra-1, shoot--a',
    'seed fra-2, shoot--a',
    '0af1',
    '3 clusters in 2 seeds (fra-1: 2, fra-2: 1): 0 errors, 7 warnings, 0 notes',
  ]);
  const one = reportAsText({ ...both, seeds, findings: [finding({ seed: 'fra-1' })], unseen }, plain);
  expect(one).toMatch(/^seed fra-1, shoot--a\n/);
  expect(one).toContain('2 clusters in 1 of 2 seeds (fra-1: 2): 0 errors');
  expect(JSON.parse(reportAsJson(both))).toMatchObject({ clusters: 3, seeds: both.seeds, warnings: 7 });
});

test.each<[string, Partial<ToldFinding>, boolean, string]>([
  ['an offer', { fix }, false, 'Free it: --fix can do it'],
  ['a dry run', { fix }, true, 'would free ip 10.0.0.1'],
  ['done', { fix, result: { outcome: 'done' } }, true, 'fixed: free ip 10.0.0.1'],
  ['gone already', { fix, result: { outcome: 'gone' } }, true, 'gone already: free ip 10.0.0.1'],
  ['left', { fix, result: { outcome: 'left', reason: 'in use' } }, true, 'left (in use): free ip 10.0.0.1'],
])('%s', (_, fields, isAsked, text) => {
  expect(reportAsText(report([finding(fields)]), { ...plain, fix: isAsked })).toContain(`-> ${text}\n`);
});

test('colours only when asked for', () => {
  expect(reportAsText(report([finding()]), plain)).not.toContain('\u001b');
  expect(reportAsText(report([finding()]), { ...plain, colour: true })).toContain('\u001b[33mwarning');
});
