import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { type CustomResourceDefinition, installCrds } from '../../landscape/control-plane/crds.ts';
import { moduleDir } from '../../landscape/parts/go.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { OperatingSystemConfig } from '../../src/apis/extensions/operating-system-config.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

export interface Workload extends KubeObject {
  spec: {
    readonly selector: object;
    readonly serviceName?: string;
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
      readonly spec: { readonly containers: readonly Container[]; readonly volumes?: readonly object[] };
    };
  };
}

interface Content extends KubeObject {
  data?: Record<string, string>;
  immutable?: boolean;
  spec?: object;
}

const apps = { group: 'apps', version: 'v1', namespaced: true } as const;
const extensions = { group: 'extensions.gardener.cloud', version: 'v1alpha1', namespaced: true } as const;

export const deployments = defineResource<Workload>({ ...apps, kind: 'Deployment', plural: 'deployments' });
export const statefulSets = defineResource<Workload>({ ...apps, kind: 'StatefulSet', plural: 'statefulsets' });
export const configMaps = defineResource<Content>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
export const etcds = defineResource<Content>({
  group: 'druid.gardener.cloud',
  version: 'v1alpha1',
  kind: 'Etcd',
  plural: 'etcds',
  namespaced: true,
});
export const autoscalers = defineResource<Content>({
  group: 'autoscaling.k8s.io',
  version: 'v1',
  kind: 'VerticalPodAutoscaler',
  plural: 'verticalpodautoscalers',
  namespaced: true,
});
export const operatingSystemConfigs = defineResource<OperatingSystemConfig>({
  ...extensions,
  kind: 'OperatingSystemConfig',
  plural: 'operatingsystemconfigs',
});
export const controlPlanes = defineResource<ExtensionObject>({
  ...extensions,
  kind: 'ControlPlane',
  plural: 'controlplanes',
});
export const workers = defineResource<ExtensionObject>({ ...extensions, kind: 'Worker', plural: 'workers' });

export function workload(key: { namespace: string; name: string }, containers: readonly Container[]): Workload {
  const labels = { app: key.name };
  return {
    metadata: key,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: containers.map((container) => ({ image: 'registry.k8s.io/pause', ...container })),
          // As gardenlet mounts the generic kubeconfig.
          volumes: [{ name: 'kubeconfig', emptyDir: {} }],
        },
      },
    },
  };
}

const definitions = [
  {
    module: 'github.com/gardener/etcd-druid/api',
    path: 'core/v1alpha1/crds/druid.gardener.cloud_etcds_without_cel.yaml',
  },
  {
    module: 'github.com/gardener/gardener',
    path: 'pkg/component/autoscaling/vpa/third_party/crd-autoscaling.k8s.io_verticalpodautoscalers.yaml',
  },
];

/** Kinds that Gardener installs into a seed and that only webhooks look at. */
export async function installControlPlaneCrds(client: KubeClient): Promise<void> {
  for (const { module, path } of definitions) {
    const documents = loadAll(await readFile(join(await moduleDir(module), path), 'utf8'));
    await installCrds(client, documents as CustomResourceDefinition[]);
  }
}
