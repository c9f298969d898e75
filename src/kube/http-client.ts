import type { CallOptions, DeleteOptions, KubeClient, WriteOptions } from './client.ts';
import { type Clock, systemClock } from './clock.ts';
import { createConnectionSource } from './connection.ts';
import { isNotFound } from './errors.ts';
import type { Method, RequestObservation } from './exchange.ts';
import type { KubeconfigSource } from './kubeconfig.ts';
import { listPages } from './list-pages.ts';
import type { Logger } from './logger.ts';
import type { KubeObject, ObjectKey } from './object.ts';
import { collectionPath, creationPath, describeCall, objectPath, type Query, withQuery } from './paths.ts';
import { createPools } from './pools.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import { createTokenBucket } from './token-bucket.ts';
import { createTransport, type Transport } from './transport.ts';
import { watchResource } from './watch.ts';

export interface KubeClientOptions extends KubeconfigSource {
  /** The server's log and the field manager of a write without one begin with it; default `espalier`. */
  readonly userAgent?: string | undefined;
  /** Deadline of a call, repetitions included, in milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Sockets for calls; default 32. Each watch has one more. */
  readonly connections?: number | undefined;
  /** Calls in a second, and at once; no limit of our own when absent (the server has priority and fairness). */
  readonly rateLimit?: { readonly qps: number; readonly burst: number } | undefined;
  readonly onRequest?: ((observation: RequestObservation) => void) | undefined;
  readonly log?: Logger | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
}

export interface ClosableKubeClient extends KubeClient {
  /** Waits for the calls that run and cuts the watches. */
  close(): Promise<void>;
}

/** Throws when there is no usable kubeconfig; does not call the server. */
export function createKubeClient(options: KubeClientOptions = {}): ClosableKubeClient {
  const clock = options.clock ?? systemClock;
  const pools = createPools(options.connections ?? 32);
  const { rateLimit } = options;
  const transport = createTransport({
    source: createConnectionSource({ ...options, clock }),
    pools,
    clock,
    random: options.random ?? Math.random,
    userAgent: options.userAgent ?? 'espalier',
    bucket: rateLimit && createTokenBucket(clock, { perSecond: rateLimit.qps, burst: rateLimit.burst }),
    onRequest: options.onRequest,
  });
  return { ...createCalls(transport, clock, options.timeoutMs ?? 30_000), close: () => pools.close() };
}

interface Call {
  readonly verb: string;
  readonly method: Method;
  readonly path: string;
  readonly key?: Partial<ObjectKey>;
  readonly query?: Query;
  readonly body?: object;
  readonly contentType?: string;
  /** Default true. */
  readonly idempotent?: boolean;
}

/** The calls over any transport. */
function createCalls(transport: Transport, clock: Clock, timeoutMs: number): KubeClient {
  const send = (resource: Resource, call: Call, options: CallOptions & { subresource?: string | undefined } = {}) => {
    const request = {
      call: describeCall(call.verb, resource, call.key, options.subresource),
      method: call.method,
      path: withQuery(call.path, call.query ?? {}),
      body: call.body,
      contentType: call.contentType,
      idempotent: call.idempotent ?? true,
      // A PodDisruptionBudget does not allow it now.
      mayBeRefused: options.subresource === 'eviction',
      secret: resource.group === '' && resource.plural === 'secrets',
    };
    return transport.call(request, options.timeoutMs ?? timeoutMs, options.signal);
  };
  const get = async <T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options?: CallOptions) =>
    (await send(resource, { verb: 'get', method: 'GET', path: objectPath(resource, key), key }, options)) as T;

  const patch = async <T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    call: Pick<Call, 'verb' | 'body' | 'contentType' | 'idempotent' | 'query'>,
    options: WriteOptions,
  ) => {
    const path = objectPath(resource, key, options.subresource);
    const query = { ...writeQuery(options), ...call.query };
    return (await send(resource, { ...call, method: 'PATCH', path, key, query }, options)) as T;
  };

  return {
    get,
    async find(resource, key, options) {
      try {
        return await get(resource, key, options);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    list: (resource, options = {}) => listPages(transport, clock, resource, options, options.timeoutMs ?? timeoutMs),
    async create<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}) {
      const key = object.metadata;
      const { subresource } = options;
      const path = subresource ? objectPath(resource, key, subresource) : creationPath(resource, key.namespace);
      const call = {
        verb: 'create',
        method: 'POST',
        path,
        key,
        query: writeQuery(options),
        idempotent: false,
      } as const;
      return (await send(resource, { ...call, body: typed(resource, object) }, options)) as T;
    },
    async replace<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}) {
      const key = object.metadata;
      const path = objectPath(resource, key, options.subresource);
      const call = { verb: 'replace', method: 'PUT', path, key, query: writeQuery(options) } as const;
      return (await send(resource, { ...call, body: typed(resource, object) }, options)) as T;
    },
    apply(resource, object, options) {
      const call = { verb: 'apply', body: typed(resource, object), contentType: 'application/apply-patch+yaml' };
      return patch(resource, object.metadata, { ...call, query: { force: options.force } }, options);
    },
    mergePatch(resource, key, body, options = {}) {
      const call = { verb: 'mergePatch', body, contentType: 'application/merge-patch+json' };
      return patch(resource, key, call, options);
    },
    jsonPatch(resource, key, body, options = {}) {
      const call = { verb: 'jsonPatch', body, contentType: 'application/json-patch+json', idempotent: false };
      return patch(resource, key, call, options);
    },
    async delete(resource, key, options = {}) {
      const call = { verb: 'delete', method: 'DELETE', path: objectPath(resource, key), key } as const;
      try {
        await send(resource, { ...call, body: deleteBody(options) }, options);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
    async deleteCollection(resource, list, options = {}) {
      const { namespace, labelSelector, fieldSelector } = list;
      const path = collectionPath(resource, namespace);
      const query = { labelSelector, fieldSelector };
      const call = { verb: 'deleteCollection', method: 'DELETE', path, key: { namespace }, query } as const;
      await send(resource, { ...call, body: deleteBody(options) }, options);
    },
    watch: (resource, options) => watchResource(transport, clock, resource, options),
  };
}

function writeQuery(options: WriteOptions): Query {
  return { fieldManager: options.fieldManager, dryRun: options.dryRun ? 'All' : undefined };
}

function typed<T extends KubeObject>(resource: Resource<T>, object: T): T {
  return { ...object, apiVersion: object.apiVersion ?? apiVersionOf(resource), kind: object.kind ?? resource.kind };
}

function deleteBody(options: DeleteOptions): object {
  const { preconditions, propagationPolicy, gracePeriodSeconds } = options;
  return { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy, gracePeriodSeconds };
}
