import { charts, type Helm, type Rendered } from '../../../landscape/charts/helm.ts';
import { modelWith } from '../../../src/providers/metal/controlplane/fixtures.ts';
import { seedObjects } from '../../../src/providers/metal/controlplane/seed/seed.ts';
import type { Dashboard } from './dashboards.ts';
import type { RuleGroup } from './promtool.ts';

/** All that Espalier brings to those who watch it: with its charts, and with each control plane. */
export interface Monitored {
  readonly groups: readonly RuleGroup[];
  readonly dashboards: readonly Dashboard[];
}

export async function readMonitored(helm: Helm): Promise<Monitored> {
  const objects = [
    ...(await helm.template(charts.controllers, {})),
    ...(await helm.template(charts.runtime, {
      metrics: { prometheusRule: { enabled: true }, dashboards: { enabled: true } },
    })),
    ...(seedObjects(modelWith()) as readonly Rendered[]),
  ];
  return {
    groups: objects.filter(({ kind }) => kind === 'PrometheusRule').flatMap(groupsOf),
    dashboards: objects.flatMap(dashboardsIn),
  };
}

const groupsOf = (object: Rendered) =>
  (object as Rendered & { readonly spec: { readonly groups: readonly RuleGroup[] } }).spec.groups;

/** Only what the Plutono of the seed or the garden looks for (gardener-contract 3.9). */
function dashboardsIn(object: Rendered): Dashboard[] {
  const { kind, metadata, data } = object as Rendered & { readonly data?: Readonly<Record<string, string>> };
  const isRead = ['seed', 'garden'].some(
    (where) => metadata.labels?.[`dashboard.monitoring.gardener.cloud/${where}`] === 'true',
  );
  return kind === 'ConfigMap' && isRead ? Object.values(data ?? {}).map((text) => JSON.parse(text) as Dashboard) : [];
}
