import type { KubeClient } from '../../src/kube/client.ts';
import { isAlreadyExists } from '../../src/kube/errors.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';

/** Creates, and takes an object of that name that is there for success. */
export async function ensureObject<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  object: T,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await client.create(resource, object, { signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
