import { brotliDecompressSync } from 'node:zlib';
import { loadAll } from 'js-yaml';
import type { ManagedResource } from '../apis/resources/managed-resource.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { type Secret, secrets } from '../kube/secret.ts';

/** The objects of a ManagedResource as gardener-resource-manager applies them, with the labels that it adds. */
export async function deliveredObjects(
  client: Pick<KubeClient, 'find'>,
  { metadata: { namespace }, spec = {} }: ManagedResource,
): Promise<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const { name } of spec.secretRefs ?? []) {
    const secret = await client.find(secrets, { namespace, name });
    objects.push(...manifestsOf(secret));
  }
  const { injectLabels } = spec;
  if (!injectLabels) return objects;
  return objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...injectLabels } },
  }));
}

function manifestsOf(secret: Secret | undefined): KubeObject[] {
  return Object.entries(secret?.data ?? {}).flatMap(([key, value]) => {
    const bytes = Buffer.from(value, 'base64');
    const text = (key.endsWith('.br') ? brotliDecompressSync(bytes) : bytes).toString('utf8');
    return loadAll(text).filter((document) => document !== null && document !== undefined) as KubeObject[];
  });
}
