import type { Cache } from './cache.ts';
import type { KubeClient } from './client.ts';
import { isAlreadyExists } from './errors.ts';
import type { KubeObject } from './object.ts';
import type { Resource } from './resource.ts';

export interface Ensured<T extends KubeObject> {
  /** Created as it is when there is none. */
  readonly desired: T;
  /** The merge patch for one that is there; undefined when it is as it must be. */
  readonly patch: (live: T) => object | undefined;
}

/** Creates an object, or patches it, or leaves it: no call is made when nothing has changed. */
export async function ensureObject<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  cache: Cache<T>,
  { desired, patch }: Ensured<T>,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace } = desired.metadata;
  const key = { name, namespace };
  const live = cache.get(key) ?? (await create(client, resource, cache, desired, signal));
  const change = live && patch(live);
  if (change) cache.remember(await client.mergePatch(resource, key, change, { signal }));
}

/** Returns the object that is there if another was faster, or the answer to an earlier try was lost. */
async function create<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  cache: Cache<T>,
  desired: T,
  signal: AbortSignal,
): Promise<T | undefined> {
  const { name, namespace } = desired.metadata;
  const key = { name, namespace };
  try {
    cache.remember(await client.create(resource, desired, { signal }));
    return undefined;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  cache.remember(await client.get(resource, key, { signal }));
  return cache.get(key);
}
