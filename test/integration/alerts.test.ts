import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { charts, createHelm, type Rendered } from '../../landscape/charts/helm.ts';
import { ensurePromtool } from '../../landscape/parts/ensure.ts';
import { createProgress } from '../../landscape/progress.ts';
import { modelWith } from '../../src/providers/metal/controlplane/fixtures.ts';
import { seedObjects } from '../../src/providers/metal/controlplane/seed/seed.ts';
import { admissionCases } from './alerts/admission-cases.ts';
import { controllersCases } from './alerts/controllers-cases.ts';
import { type Dashboard, expressionsIn, faultsOf } from './alerts/dashboards.ts';
import { machineCases } from './alerts/machine-cases.ts';
import { type AlertRule, createPromtool, type Promtool, type RuleGroup } from './alerts/promtool.ts';

const cases = [...controllersCases, ...admissionCases, ...machineCases];
let promtool: Promtool;
let groups: readonly RuleGroup[];
let rules: ReadonlyMap<string, AlertRule>;
let dashboards: readonly Dashboard[];

beforeAll(async () => {
  const directory = join(inject('landscapeDir'), 'alerts');
  const progress = createProgress();
  promtool = createPromtool(await ensurePromtool({ progress }), directory);
  progress.close();
  const helm = createHelm(inject('parts').helm, directory, inject('kubeconfig'));
  const objects = [
    ...(await helm.template(charts.controllers, {})),
    ...(await helm.template(charts.runtime, { metrics: { prometheusRule: { enabled: true } } })),
  ];
  const inControlPlane = seedObjects(modelWith()) as readonly Rendered[];
  groups = [...objects, ...inControlPlane].filter(({ kind }) => kind === 'PrometheusRule').flatMap(groupsOf);
  rules = new Map(groups.flatMap((group) => group.rules.map((rule) => [rule.alert, rule])));
  dashboards = objects.flatMap(dashboardsIn);
}, 900_000);

const groupsOf = (object: Rendered) =>
  (object as Rendered & { readonly spec: { readonly groups: readonly RuleGroup[] } }).spec.groups;

function dashboardsIn(object: Rendered): Dashboard[] {
  const { kind, metadata, data } = object as Rendered & { readonly data?: Readonly<Record<string, string>> };
  const isRead = metadata.labels?.['dashboard.monitoring.gardener.cloud/seed'] === 'true';
  return kind === 'ConfigMap' && isRead ? Object.values(data ?? {}).map((text) => JSON.parse(text) as Dashboard) : [];
}

test('Prometheus takes the rules', async () => {
  expect(groups).toHaveLength(3);
  await promtool.check(groups);
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

test('what fires says how bad it is, and to whom', () => {
  for (const { labels, annotations } of rules.values()) {
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(labels).toMatchObject({ visibility: 'operator', service: expect.any(String) });
    expect(annotations.summary).toMatch(/\.$/);
    expect(annotations.description).toMatch(/\.$/);
  }
});

test('Plutono takes the dashboards, Prometheus their expressions', async () => {
  expect(dashboards).toHaveLength(1);
  for (const dashboard of dashboards) {
    expect(faultsOf(dashboard)).toEqual([]);
    await promtool.checkExpressions(expressionsIn(dashboard));
  }
});
