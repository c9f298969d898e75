import type { MutatedKind } from '../../providers/admission.ts';
import type { Webhook } from '../webhook.ts';

interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const extensions = { group: 'extensions.gardener.cloud', version: 'v1alpha1' };
const apps = { group: 'apps', version: 'v1' };

/** Where the objects of each kind are. */
const resources: Readonly<Record<MutatedKind, GroupVersionResource>> = {
  ConfigMap: { group: '', version: 'v1', resource: 'configmaps' },
  ControlPlane: { ...extensions, resource: 'controlplanes' },
  DaemonSet: { ...apps, resource: 'daemonsets' },
  Deployment: { ...apps, resource: 'deployments' },
  Etcd: { group: 'druid.gardener.cloud', version: 'v1alpha1', resource: 'etcds' },
  Infrastructure: { ...extensions, resource: 'infrastructures' },
  OperatingSystemConfig: { ...extensions, resource: 'operatingsystemconfigs' },
  StatefulSet: { ...apps, resource: 'statefulsets' },
  VerticalPodAutoscaler: { group: 'autoscaling.k8s.io', version: 'v1', resource: 'verticalpodautoscalers' },
  Worker: { ...extensions, resource: 'workers' },
};

/** Rules for a webhook that is sent exactly the objects of these kinds, one rule for each API group. */
export function rulesFor(kinds: readonly MutatedKind[]): Webhook['rules'] {
  const groups = Map.groupBy(new Set(kinds), (kind) => `${resources[kind].group}/${resources[kind].version}`);
  return [...groups.values()].map((members) => {
    const [first] = members.map((kind) => resources[kind]);
    return {
      apiGroups: [first?.group ?? ''],
      apiVersions: [first?.version ?? ''],
      resources: members.map((kind) => resources[kind].resource),
    };
  });
}
