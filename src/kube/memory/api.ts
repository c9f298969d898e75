import type { CallOptions, KubeClient } from '../client.ts';
import { ApiError } from '../errors.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../object.ts';
import type { Resource } from '../resource.ts';
import { applyMergePatch } from './patch.ts';

export type MemoryVerb = 'find' | 'create' | 'replace' | 'mergePatch';

export interface MemoryCall {
  readonly verb: MemoryVerb;
  readonly resource: string;
  readonly key: string;
  readonly body?: unknown;
}

export interface MemoryApi {
  readonly client: KubeClient;
  readonly calls: MemoryCall[];
  /** By `plural/namespace/name`. */
  readonly objects: Map<string, KubeObject>;
  /** Runs before a call takes effect: may throw, or wait. */
  before: (call: MemoryCall) => unknown;
  /** Runs after it took effect and before the answer: throwing here is a lost answer. */
  after: (call: MemoryCall) => unknown;
}

/** For tests: the few calls of an API server that leases and events need, with resourceVersions that are checked. */
export function createMemoryApi(objects = new Map<string, KubeObject>()): MemoryApi {
  const api: MemoryApi = {
    calls: [],
    objects,
    before: () => undefined,
    after: () => undefined,
    client: undefined as unknown as KubeClient,
  };
  const fail = (code: number, reason: string) => new ApiError(code, { reason, message: reason });
  const store = (id: string, object: object): KubeObject => {
    const next = structuredClone(object) as KubeObject;
    next.metadata.resourceVersion = String(Number(objects.get(id)?.metadata.resourceVersion ?? 0) + 1);
    next.metadata.uid ??= id;
    objects.set(id, next);
    return next;
  };
  const effects: Record<MemoryVerb, (id: string, body: KubeObject) => KubeObject | undefined> = {
    find: (id) => objects.get(id),
    create(id, body) {
      if (objects.has(id)) throw fail(409, 'AlreadyExists');
      return store(id, body);
    },
    replace(id, body) {
      const known = objects.get(id);
      if (!known) throw fail(404, 'NotFound');
      if (known.metadata.resourceVersion !== body.metadata.resourceVersion) throw fail(409, 'Conflict');
      return store(id, body);
    },
    mergePatch(id, body) {
      const known = objects.get(id);
      if (!known) throw fail(404, 'NotFound');
      return store(id, applyMergePatch(known, body) as KubeObject);
    },
  };
  const call = async (verb: MemoryVerb, resource: Resource, key: ObjectKey, body: unknown, options?: CallOptions) => {
    const made = { verb, resource: resource.plural, key: keyOf(key), body: structuredClone(body) };
    api.calls.push(made);
    const { signal } = options ?? {};
    const work = async () => {
      await api.before(made);
      signal?.throwIfAborted();
      const result = effects[verb](`${resource.plural}/${keyOf(key)}`, body as KubeObject);
      await api.after(made);
      return structuredClone(result);
    };
    return Promise.race([work(), rejectedOn(signal)]);
  };
  const client = {
    find: (resource: Resource, key: ObjectKey, options?: CallOptions) =>
      call('find', resource, key, undefined, options),
    create: (resource: Resource, object: KubeObject, options?: CallOptions) =>
      call('create', resource, object.metadata, object, options),
    replace: (resource: Resource, object: KubeObject, options?: CallOptions) =>
      call('replace', resource, object.metadata, object, options),
    mergePatch: (resource: Resource, key: ObjectKey, patch: object, options?: CallOptions) =>
      call('mergePatch', resource, key, patch, options),
  };
  return Object.assign(api, { client: client as unknown as KubeClient });
}

function rejectedOn(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
