import type { KubeObject, ObjectKey } from './object.ts';
import type { Resource } from './resource.ts';

export type Subresource = 'status' | 'scale' | 'eviction';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the whole call in milliseconds; a default applies when absent. */
  readonly timeoutMs?: number | undefined;
}

export interface WriteOptions extends CallOptions {
  readonly subresource?: Subresource | undefined;
  readonly fieldManager?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean | undefined;
}

export interface ListOptions extends CallOptions {
  /** All namespaces when absent. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** `'0'` lets the server answer from its cache. */
  readonly resourceVersion?: string | undefined;
  /** Page size; pages are followed to the end. */
  readonly pageSize?: number | undefined;
}

export interface ObjectList<T> {
  readonly resourceVersion: string;
  readonly items: T[];
}

export interface DeleteOptions extends CallOptions {
  readonly preconditions?: { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion: string;
  /** Asks the server to end the watch after so many seconds. */
  readonly timeoutSeconds?: number | undefined;
  /** The connection is taken for dead when neither event nor bookmark nor end came for so long. */
  readonly idleTimeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: KubeObject };

/**
 * Typed calls to one API server. Every method throws ApiError for an answer that is not 2xx, and another Error for
 * transport trouble; see errors.ts for the predicates. Items of a list carry apiVersion and kind like single objects.
 */
export interface KubeClient {
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options?: CallOptions): Promise<T>;
  /** Like get, but undefined for 404. */
  find<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options?: CallOptions): Promise<T | undefined>;
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): Promise<ObjectList<T>>;
  create<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** PUT: the object's resourceVersion guards against a lost update. */
  replace<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Server-side apply. */
  apply<T extends KubeObject>(resource: Resource<T>, object: T, options: ApplyOptions): Promise<T>;
  /** JSON merge patch (RFC 7386): null deletes, arrays are replaced whole. */
  mergePatch<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    patch: object,
    options?: WriteOptions,
  ): Promise<T>;
  /** JSON patch (RFC 6902). */
  jsonPatch<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    patch: readonly object[],
    options?: WriteOptions,
  ): Promise<T>;
  /** 404 is success. */
  delete(resource: Resource, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  deleteCollection(resource: Resource, list: ListOptions, options?: DeleteOptions): Promise<void>;
  /** Ends normally when the server closes the watch; throws ApiError (e.g. 410) also for an ERROR event. */
  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
}
