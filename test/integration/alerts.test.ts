import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { createHelm } from '../../landscape/charts/helm.ts';
import { ensurePromtool } from '../../landscape/parts/ensure.ts';
import { createProgress } from '../../landscape/progress.ts';
import { admissionCases } from './alerts/admission-cases.ts';
import { controllersCases } from './alerts/controllers-cases.ts';
import { expressionsIn, faultsOf } from './alerts/dashboards.ts';
import { machineCases } from './alerts/machine-cases.ts';
import { type Monitored, readMonitored } from './alerts/monitored.ts';
import { type AlertRule, createPromtool, type Promtool } from './alerts/promtool.ts';

const cases = [...controllersCases, ...admissionCases, ...machineCases];
let promtool: Promtool;
let monitored: Monitored;
let rules: ReadonlyMap<string, AlertRule>;

beforeAll(async () => {
  const directory = join(inject('landscapeDir'), 'alerts');
  const progress = createProgress();
  promtool = createPromtool(await ensurePromtool({ progress }), directory);
  progress.close();
  monitored = await readMonitored(createHelm(inject('parts').helm, directory, inject('kubeconfig')));
  rules = new Map(monitored.groups.flatMap((group) => group.rules.map((rule) => [rule.alert, rule])));
}, 900_000);

test('Prometheus takes the rules', async () => {
  expect(monitored.groups).toHaveLength(3);
  await promtool.check(monitored.groups);
});

test.each(cases)('$alert: $what', async (alertCase) => {
  const rule = rules.get(alertCase.alert);
  if (!rule) throw new Error(`there is no alert ${alertCase.alert}`);
  await promtool.try(rule, alertCase);
});

test('every alert was seen to fire, and not to fire', () => {
  const seen = (fires: boolean) => new Set(cases.filter((each) => each.fires.length > 0 === fires).map((e) => e.alert));
  const names = [...rules.keys()].sort();
  expect([...seen(true)].sort()).toEqual(names);
  expect([...seen(false)].sort()).toEqual(names);
});

test('every alert has a line on what to do, and no line is of an alert that is gone', async () => {
  const page = await readFile(new URL('../../docs/operations/alerts.md', import.meta.url), 'utf8');
  const described = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
  expect(described.sort()).toEqual([...rules.keys()].sort());
});

test('what fires says how bad it is, and to whom', () => {
  for (const { labels, annotations } of rules.values()) {
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(labels).toMatchObject({ visibility: 'operator', service: expect.any(String) });
    expect(annotations.summary).toMatch(/\.$/);
    expect(annotations.description).toMatch(/\.$/);
  }
});

test('Plutono takes the dashboards, Prometheus their expressions', async () => {
  expect(monitored.dashboards).toHaveLength(2);
  for (const dashboard of monitored.dashboards) {
    expect(faultsOf(dashboard)).toEqual([]);
    await promtool.checkExpressions(expressionsIn(dashboard));
  }
});
