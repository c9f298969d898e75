import type { KubeClient } from './client.ts';
import { isNotFound } from './errors.ts';
import type { KubeObject } from './object.ts';
import type { Resource } from './resource.ts';

/** All of a kind in all namespaces; none where the kind is not served. */
export async function listIfServed<T extends KubeObject>(
  kube: Pick<KubeClient, 'list'>,
  resource: Resource<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  try {
    return (await kube.list(resource, { signal })).items;
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
