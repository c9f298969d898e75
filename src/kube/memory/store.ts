import { createHash } from 'node:crypto';
import type { WatchEvent } from '../client.ts';
import type { Clock } from '../clock.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../object.ts';
import { apiVersionOf, type Resource } from '../resource.ts';

/** What became of one object. */
export interface MemoryChange {
  /** As it was before the first write; undefined when there was none. */
  readonly before: KubeObject | undefined;
  /** Undefined when it is deleted. */
  readonly after: KubeObject | undefined;
  /** All who wrote it. */
  readonly writers: ReadonlySet<string>;
}

interface Entry {
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  readonly writers: Set<string>;
}

type Listener = (event: WatchEvent<KubeObject>) => void;
type Kind = Pick<Resource, 'group' | 'kind'>;

/** The objects of an API server in memory, of any kind. What it is given and gives is never shared. */
export interface MemoryStore {
  /** Whether anything is known of the object, be it that it is deleted. */
  has(kind: Kind, key: ObjectKey): boolean;
  get(kind: Kind, key: ObjectKey): KubeObject | undefined;
  list(kind: Kind): readonly KubeObject[];
  /** Fills in what a server does; `before` is what is known of it elsewhere. Returns the object as it is then. */
  write(resource: Resource, object: KubeObject, writer: string, before?: KubeObject): KubeObject;
  remove(resource: Resource, key: ObjectKey, writer: string, before?: KubeObject): void;
  /** There from the start: nobody's write. */
  put(object: KubeObject): void;
  /** Of everything that was written, in no particular order. */
  changes(): readonly MemoryChange[];
  readonly version: string;
  /** Later versions are newer than this one, which comes from elsewhere. */
  raise(version: string | undefined): void;
  /** Returns what ends it. */
  subscribe(kind: Kind, listener: Listener): () => void;
}

export function createMemoryStore(clock: Pick<Clock, 'now'>): MemoryStore {
  const entries = new Map<string, Entry>();
  const listeners = new Map<string, Set<Listener>>();
  let version = 0;

  const change = (id: string, before: KubeObject | undefined, writer: string): Entry => {
    const entry = entries.get(id) ?? { before, after: before, writers: new Set() };
    if (entry.writers.size === 0) entry.before = entry.after ?? before;
    entries.set(id, entry);
    entry.writers.add(writer);
    return entry;
  };
  const tell = (kind: Kind, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => {
    for (const listener of listeners.get(nameOf(kind)) ?? []) listener({ type, object: structuredClone(object) });
  };

  return {
    get version() {
      return String(version);
    },
    raise(other) {
      version = Math.max(version, Number(other) || 0);
    },
    has: (kind, key) => entries.has(idOf(kind, key)),
    get: (kind, key) => structuredClone(entries.get(idOf(kind, key))?.after),
    list: (kind) =>
      [...entries].flatMap(([id, { after }]) =>
        after && id.startsWith(`${nameOf(kind)} `) ? structuredClone(after) : [],
      ),
    write(resource, object, writer, before) {
      const id = idOf(resource, object.metadata);
      const entry = change(id, before, writer);
      const type = entry.after ? 'MODIFIED' : 'ADDED';
      version += 1;
      const { uid, creationTimestamp } = entry.after?.metadata ?? {};
      entry.after = {
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        ...structuredClone(object),
        metadata: {
          ...structuredClone(object.metadata),
          uid: uid ?? uidOf(id),
          creationTimestamp: creationTimestamp ?? new Date(clock.now()).toISOString(),
          resourceVersion: String(version),
        },
      };
      tell(resource, type, entry.after);
      return structuredClone(entry.after);
    },
    remove(resource, key, writer, before) {
      const entry = change(idOf(resource, key), before, writer);
      if (!entry.after) return;
      version += 1;
      tell(resource, 'DELETED', entry.after);
      entry.after = undefined;
    },
    put(object) {
      const { apiVersion = '', kind = '' } = object;
      const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
      const id = idOf({ group, kind }, object.metadata);
      version += 1;
      const metadata = { ...object.metadata, uid: object.metadata.uid ?? uidOf(id), resourceVersion: String(version) };
      entries.set(id, { before: undefined, after: structuredClone({ ...object, metadata }), writers: new Set() });
    },
    changes: () =>
      [...entries.values()].filter(({ writers }) => writers.size > 0).map((entry) => structuredClone(entry)),
    subscribe(kind, listener) {
      const own = listeners.get(nameOf(kind)) ?? new Set();
      listeners.set(nameOf(kind), own.add(listener));
      return () => own.delete(listener);
    },
  };
}

const nameOf = ({ group, kind }: Kind): string => `${group}/${kind}`;
const idOf = (kind: Kind, key: ObjectKey): string => `${nameOf(kind)} ${keyOf(key)}`;

/** The same object has the same uid every time. */
export function uidOf(id: string): string {
  const hex = createHash('sha256').update(id).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
