import { Buffer } from 'node:buffer';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { defineResource, type Resource } from '../../../src/kube/resource.ts';

/** An object of any kind, as it stands in a manifest. */
export interface Manifest extends KubeObject {
  apiVersion: string;
  kind: string;
}

const clusterScoped = /^(Namespace|ClusterRole|ClusterRoleBinding|(Mutating|Validating)WebhookConfiguration)$/;

/** Plurals here are the kind with an `s`. */
export function resourceOf({ apiVersion, kind }: Manifest): Resource {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const plural = `${kind.toLowerCase()}s`;
  return defineResource({ group, version, kind, plural, namespaced: !clusterScoped.test(kind) });
}

export async function create(client: KubeClient, ...manifests: readonly object[]): Promise<void> {
  for (const manifest of manifests as readonly Manifest[]) await client.create(resourceOf(manifest), manifest);
}

export interface ManagedResource extends KubeObject {
  spec: object;
  status?: { observedGeneration?: number; conditions?: { type: string; status: string; message?: string }[] };
}

export const managedResources = defineResource<ManagedResource>({
  group: 'resources.gardener.cloud',
  version: 'v1alpha1',
  kind: 'ManagedResource',
  plural: 'managedresources',
  namespaced: true,
});

/** A ManagedResource and the Secret that it refers to. */
export async function createManagedResource(
  client: KubeClient,
  key: { readonly namespace: string; readonly name: string },
  objects: readonly object[],
  resourceClass?: string,
): Promise<void> {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  await create(client, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...key },
    data: { 'objects.yaml': Buffer.from(text).toString('base64') },
  });
  const spec = { ...(resourceClass ? { class: resourceClass } : {}), secretRefs: [{ name: key.name }] };
  await client.create(managedResources, { metadata: { ...key }, spec });
}

/** Throws with the conditions as long as it is not applied, healthy and done. */
export async function expectHealthy(client: KubeClient, key: { namespace: string; name: string }): Promise<void> {
  const { metadata, status } = await client.get(managedResources, key);
  const is = (type: string, wanted: string) =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === wanted);
  const isHealthy =
    status?.observedGeneration === metadata.generation &&
    is('ResourcesApplied', 'True') &&
    is('ResourcesHealthy', 'True') &&
    is('ResourcesProgressing', 'False');
  if (!isHealthy) throw new Error(`${key.name}: ${JSON.stringify(status?.conditions)}`);
}

/** A workload of an image that the landscape has no program for. */
export function workload(kind: 'Deployment' | 'DaemonSet' | 'StatefulSet', namespace: string): object {
  const name = `some-${kind.toLowerCase()}`;
  const labels = { app: name };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'main', image: 'registry.example.org/main:v1' }] },
  };
  const replicas = kind === 'DaemonSet' ? {} : { replicas: 2 };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: { ...replicas, selector: { matchLabels: labels }, template },
  };
}
