import { readFile } from 'node:fs/promises';
import { createProbe, type Probe } from '../../../landscape/control-plane/probe.ts';
import { eventually } from '../../scene/eventually.ts';
import { kubeconfigAccess } from '../../scene/kubeconfig-access.ts';

interface Discovery {
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      resources?: { resource: string; verbs: string[]; responseKind?: { kind: string } }[];
    }[];
  }[];
}

/** `Kind.group namespace/name` of everything that an API server holds. */
export type Inventory = ReadonlySet<string>;

const discovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const metadataOnly = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

/** Come and go by themselves. */
const fleeting = new Set(['events', 'leases', 'ipaddresses', 'endpointslices', 'componentstatuses']);

/** Every object of every kind that can be listed, in the version that the server prefers. */
export async function inventoryOf(kubeconfig: string): Promise<Inventory> {
  const probe = createProbe(kubeconfigAccess(await readFile(kubeconfig, 'utf8')), 'localhost');
  try {
    const kinds = [...(await kindsOf(probe, '/api')), ...(await kindsOf(probe, '/apis'))];
    // A kind that was just installed is answered with 429 for a moment.
    const lists = await Promise.all(kinds.map((kind) => eventually(() => namesOf(probe, kind))));
    return new Set(lists.flat());
  } finally {
    await probe.close();
  }
}

interface Kind {
  readonly path: string;
  readonly label: string;
}

async function kindsOf(probe: Probe, root: '/api' | '/apis'): Promise<Kind[]> {
  const { items } = (await probe.get(root, { accept: discovery })).body as Discovery;
  return items.flatMap(({ metadata: { name = '' }, versions }) => {
    const [preferred] = versions;
    const resources = preferred?.resources ?? [];
    const base = root === '/api' ? '/api' : `/apis/${name}`;
    return resources
      .filter(({ resource, verbs }) => verbs.includes('list') && !fleeting.has(resource))
      .map(({ resource }) => ({
        path: `${base}/${preferred?.version}/${resource}`,
        label: [resource, name].filter(Boolean).join('.'),
      }));
  });
}

async function namesOf(probe: Probe, { path, label }: Kind): Promise<string[]> {
  const { status, body } = await probe.get(path, { accept: metadataOnly });
  if (status !== 200) throw new Error(`${path} answers ${status}`);
  const { items } = body as { items: { metadata: { namespace?: string; name: string } }[] | null };
  return (items ?? []).map(
    ({ metadata }) => `${label} ${[metadata.namespace, metadata.name].filter(Boolean).join('/')}`,
  );
}

export const added = (before: Inventory, after: Inventory): string[] =>
  [...after].filter((entry) => !before.has(entry)).sort();

/** What firewall-controller-manager and gardener-resource-manager leave in a Shoot: its API server goes with it. */
export const isLeftByOthers = (entry: string): boolean =>
  /^(clusterroles?|clusterrolebindings)\.\S+ firewall-controller-shoot-access-/.test(entry) ||
  /^serviceaccounts kube-system\/\w+(-\w+)*-controller-manager$/.test(entry);
