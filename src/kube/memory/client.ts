import { isDeepStrictEqual } from 'node:util';
import jsonPatch, { type Operation } from 'fast-json-patch';
import type { DeleteOptions, KubeClient, ListOptions, ObjectList, WatchOptions, WriteOptions } from '../client.ts';
import { ApiError, isNotFound } from '../errors.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../object.ts';
import type { Resource } from '../resource.ts';
import { applyMergePatch } from './patch.ts';
import { matchesFields, matchesLabels } from './selector.ts';
import type { MemoryStore } from './store.ts';
import { watchStore } from './watch.ts';

export interface MemoryClientOptions {
  readonly store: MemoryStore;
  /** Noted with every write. */
  readonly writer: string;
  /** Where everything is read that the store knows nothing of; never written. */
  readonly base?: { readonly client: Pick<KubeClient, 'find' | 'list'>; readonly namespace: string } | undefined;
}

/**
 * Calls of an API server on objects in memory: a later write of an older version is a conflict, status is a subresource.
 * It has no defaults, no validation, no generation, no finalizers and no ownership: server-side apply merges and takes nothing away.
 */
export function createMemoryClient({ store, writer, base }: MemoryClientOptions): KubeClient {
  const find = async (resource: Resource, key: ObjectKey): Promise<KubeObject | undefined> => {
    if (store.has(resource, key) || !base) return store.get(resource, key);
    const found = await base.client.find(resource, key);
    store.raise(found?.metadata.resourceVersion);
    return found;
  };
  const get = async (resource: Resource, key: ObjectKey) =>
    (await find(resource, key)) ?? fail(404, 'NotFound', resource, key);

  const below = async (resource: Resource, options: ListOptions): Promise<readonly KubeObject[]> => {
    if (!base) return [];
    const namespace = resource.namespaced ? (options.namespace ?? base.namespace) : undefined;
    try {
      const { items, resourceVersion } = await base.client.list(resource, { ...options, namespace });
      store.raise(resourceVersion);
      return items.filter(({ metadata }) => !store.has(resource, metadata));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  };
  const list = async (resource: Resource, options: ListOptions = {}): Promise<ObjectList<KubeObject>> => {
    const isListed = (object: KubeObject) =>
      (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
      matchesLabels(object, options.labelSelector) &&
      matchesFields(object, options.fieldSelector);
    const items = [...(await below(resource, options)), ...store.list(resource).filter(isListed)];
    return { items, resourceVersion: store.version };
  };

  const write = (
    resource: Resource,
    before: KubeObject | undefined,
    wanted: KubeObject,
    options: WriteOptions = {},
  ) => {
    const { resourceVersion } = wanted.metadata;
    if (before && resourceVersion && resourceVersion !== before.metadata.resourceVersion) {
      fail(409, 'Conflict', resource, wanted.metadata);
    }
    const after = settled(before, wanted, options);
    if (isDeepStrictEqual(before, after)) return after;
    return options.dryRun ? after : store.write(resource, after, writer, before);
  };
  const remove = async (resource: Resource, key: ObjectKey, { preconditions = {} }: DeleteOptions = {}) => {
    const before = await find(resource, key);
    if (!before) return;
    const { uid = before.metadata.uid, resourceVersion = before.metadata.resourceVersion } = preconditions;
    const isMeant = uid === before.metadata.uid && resourceVersion === before.metadata.resourceVersion;
    if (!isMeant) fail(409, 'Conflict', resource, key);
    store.remove(resource, key, writer, before);
  };
  const merge = async (resource: Resource, key: ObjectKey, patch: object, options?: WriteOptions) => {
    const before = await get(resource, key);
    return write(resource, before, applyMergePatch(before, patch) as KubeObject, options);
  };

  const calls = {
    find,
    get,
    list,
    async create(resource: Resource, object: KubeObject, options?: WriteOptions) {
      if (await find(resource, object.metadata)) fail(409, 'AlreadyExists', resource, object.metadata);
      return write(resource, undefined, object, options);
    },
    async replace(resource: Resource, object: KubeObject, options?: WriteOptions) {
      return write(resource, await get(resource, object.metadata), object, options);
    },
    mergePatch: merge,
    async jsonPatch(resource: Resource, key: ObjectKey, patch: readonly object[], options?: WriteOptions) {
      const before = await get(resource, key);
      const { newDocument } = jsonPatch.applyPatch(structuredClone(before), patch as Operation[], true);
      return write(resource, before, newDocument, options);
    },
    async apply(resource: Resource, object: KubeObject, options: WriteOptions) {
      const before = await find(resource, object.metadata);
      return before ? merge(resource, object.metadata, object, options) : write(resource, undefined, object, options);
    },
    delete: remove,
    async deleteCollection(resource: Resource, options: ListOptions) {
      for (const { metadata } of (await list(resource, options)).items) await remove(resource, metadata);
    },
    watch: (resource: Resource, options: WatchOptions) => watchStore(store, resource, options),
  };
  // Each answer has the shape that the caller's resource says, as on the wire.
  return calls as unknown as KubeClient;
}

/** Of two sides of an object, status and the rest, a write changes one. */
function settled(before: KubeObject | undefined, wanted: KubeObject, { subresource }: WriteOptions): KubeObject {
  const statusOf = (object: KubeObject | undefined) => (object && 'status' in object ? { status: object.status } : {});
  if (subresource === 'status' && before) return { ...before, ...statusOf(wanted) };
  const { status: _, ...rest } = wanted as KubeObject & { status?: unknown };
  return { ...rest, ...statusOf(before) };
}

function fail(code: number, reason: string, { plural }: Resource, key: ObjectKey): never {
  throw new ApiError(code, { reason, message: `${plural} "${keyOf(key)}": ${reason}` });
}
