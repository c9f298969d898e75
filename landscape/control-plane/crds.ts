import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { moduleDir } from '../parts/go.ts';
import { poll } from '../processes/poll.ts';
import { ensureObject } from './ensure-object.ts';

/** Where the pinned modules keep the CRDs of the seed: a directory, or one file. */
const sources = [
  { module: 'github.com/gardener/gardener', path: 'pkg/component/extensions/crds/assets' },
  {
    module: 'github.com/gardener/gardener',
    path: 'pkg/component/gardener/resourcemanager/assets/crd-resources.gardener.cloud_managedresources.yaml',
  },
  // What ManagedResources of control planes have besides: monitoring, autoscaling and logging, which nobody acts on here.
  ...[
    'observability/monitoring/prometheusoperator/templates/crd-monitoring.coreos.com_prometheusrules.yaml',
    'observability/monitoring/prometheusoperator/templates/crd-monitoring.coreos.com_servicemonitors.yaml',
    'observability/logging/fluentoperator/assets/crd-fluentbit.fluent.io_clusterfilters.yaml',
    'observability/logging/fluentoperator/assets/crd-fluentbit.fluent.io_clusterparsers.yaml',
    'autoscaling/vpa/third_party/crd-autoscaling.k8s.io_verticalpodautoscalers.yaml',
  ].map((path) => ({ module: 'github.com/gardener/gardener', path: `pkg/component/${path}` })),
  { module: 'github.com/gardener/machine-controller-manager', path: 'kubernetes/crds' },
  { module: 'github.com/metal-stack/firewall-controller-manager', path: 'config/crds' },
];

export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function yamlFiles(path: string): Promise<string[]> {
  if (path.endsWith('.yaml')) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(path, name));
}

/** Reads every CustomResourceDefinition of the sources; other documents are passed over. */
export async function readSeedCrds(signal?: AbortSignal): Promise<CustomResourceDefinition[]> {
  const found: CustomResourceDefinition[] = [];
  for (const { module, path } of sources) {
    for (const file of await yamlFiles(join(await moduleDir(module, { signal }), path))) {
      const documents = loadAll(await readFile(file, 'utf8')) as CustomResourceDefinition[];
      found.push(...documents.filter((document) => document?.kind === 'CustomResourceDefinition'));
    }
  }
  return found;
}

const definitions = defineResource<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
});

/** `group/version` of all that the definitions serve. */
export function groupVersions(crds: readonly CustomResourceDefinition[]): string[] {
  const all = crds.flatMap(({ spec }) => served(spec).map((version) => `${spec.group}/${version}`));
  return [...new Set(all)];
}

const served = (spec: CustomResourceDefinition['spec']): string[] =>
  spec.versions.filter((version) => version.served).map(({ name }) => name);

async function isEstablished(client: KubeClient, name: string, signal: AbortSignal): Promise<boolean> {
  const { status } = await client.get(definitions, { name }, { signal });
  return status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
}

/** Established is not enough: a fresh definition answers 404, then 429, for a while after it. */
async function isServed(client: KubeClient, crd: CustomResourceDefinition, signal: AbortSignal): Promise<boolean> {
  if (!(await isEstablished(client, crd.metadata.name, signal))) return false;
  const { group, names } = crd.spec;
  for (const version of served(crd.spec)) {
    await client.list({ group, version, kind: names.kind, plural: names.plural, namespaced: false }, { signal });
  }
  return true;
}

/** Creates the definitions that are missing and waits until all can be used. */
export async function installCrds(
  client: KubeClient,
  crds: readonly CustomResourceDefinition[],
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(
    crds.map(async (crd) => {
      await ensureObject(client, definitions, crd, signal);
      const what = `CustomResourceDefinition ${crd.metadata.name}`;
      await poll((attempt) => isServed(client, crd, attempt), { what, intervalMs: 100, timeoutMs: 60_000, signal });
    }),
  );
}
