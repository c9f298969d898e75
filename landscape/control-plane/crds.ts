import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { moduleDir } from '../parts/go.ts';
import { poll } from '../processes/poll.ts';
import { type Api, createOnce } from './api.ts';

/** Where the pinned modules keep the CRDs of the seed: a directory, or one file. */
const sources = [
  { module: 'github.com/gardener/gardener', path: 'pkg/component/extensions/crds/assets' },
  {
    module: 'github.com/gardener/gardener',
    path: 'pkg/component/gardener/resourcemanager/assets/crd-resources.gardener.cloud_managedresources.yaml',
  },
  { module: 'github.com/gardener/machine-controller-manager', path: 'kubernetes/crds' },
  { module: 'github.com/metal-stack/firewall-controller-manager', path: 'config/crds' },
] as const;

export interface CustomResourceDefinition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
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
    for (const file of await yamlFiles(join(await moduleDir(module, signal), path))) {
      const documents = loadAll(await readFile(file, 'utf8')) as CustomResourceDefinition[];
      found.push(...documents.filter((document) => document?.kind === 'CustomResourceDefinition'));
    }
  }
  return found;
}

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Established, and every served version answers a list: a fresh one answers 404, then 429 for a while. */
async function isServed(api: Api, crd: CustomResourceDefinition, signal: AbortSignal): Promise<boolean> {
  const { body } = await api.call('GET', `${CRDS}/${crd.metadata.name}`, { signal });
  const conditions = (body as CustomResourceDefinition).status?.conditions ?? [];
  if (!conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return false;
  for (const { name } of crd.spec.versions.filter(({ served }) => served)) {
    const path = `/apis/${crd.spec.group}/${name}/${crd.spec.names.plural}?limit=1`;
    if ((await api.call('GET', path, { signal })).status !== 200) return false;
  }
  return true;
}

/** Creates the definitions that are missing and waits until all can be used. */
export async function installCrds(
  api: Api,
  crds: readonly CustomResourceDefinition[],
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(
    crds.map(async (crd) => {
      await createOnce(api, CRDS, crd, signal);
      const what = `CustomResourceDefinition ${crd.metadata.name}`;
      await poll((attempt) => isServed(api, crd, attempt), { what, intervalMs: 100, timeoutMs: 60_000, signal });
    }),
  );
}
