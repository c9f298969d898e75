import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../../src/kube/client.ts';
import { isAlreadyExists } from '../../src/kube/errors.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The JSON merge patch that turns `before` into `after`; undefined when they are equal. At the top level only the keys of
 * `after` count, so that status and what the server adds are left alone.
 */
export function mergeDiff(before: Tree, after: Tree, top = true): Tree | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(after)) {
    const change = difference(before[key], after[key]);
    if (change !== undefined) patch[key] = change;
  }
  const gone = top ? [] : Object.keys(before).filter((key) => after[key] === undefined && before[key] !== null);
  for (const key of gone) patch[key] = null;
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function difference(before: unknown, after: unknown): unknown {
  if (isTree(before) && isTree(after)) return mergeDiff(before, after, false);
  if (before == null && after == null) return undefined;
  return isDeepStrictEqual(before, after) ? undefined : after;
}

/** What it takes to bring `existing` to `wanted`; labels and annotations count only if `wanted` has them. */
function patchOf(existing: KubeObject, wanted: KubeObject): Tree | undefined {
  const { apiVersion: _version, kind: _kind, metadata, ...content } = { ...wanted };
  const { labels, annotations } = metadata;
  const change = mergeDiff(
    { labels: existing.metadata.labels ?? {}, annotations: existing.metadata.annotations ?? {} },
    { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  );
  const patch = { ...mergeDiff({ ...existing }, content), ...(change ? { metadata: change } : {}) };
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/**
 * Creates the object, or merge-patches the one that exists where it differs: no write when nothing differs. `build` gets
 * what exists; labels and annotations are taken whole when it gives them, and left alone when it does not.
 */
export async function createOrPatch<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  key: ObjectKey,
  build: (existing: T | undefined) => T,
  signal: AbortSignal,
): Promise<T> {
  const found = await client.find(resource, key, { signal });
  if (found) return patchIfDifferent(client, resource, found, build, signal);
  try {
    return await client.create(resource, build(undefined), { signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return patchIfDifferent(client, resource, await client.get(resource, key, { signal }), build, signal);
  }
}

async function patchIfDifferent<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  found: T,
  build: (existing: T) => T,
  signal: AbortSignal,
): Promise<T> {
  const patch = patchOf(found, build(found));
  return patch ? client.mergePatch(resource, found.metadata, patch, { signal }) : found;
}
