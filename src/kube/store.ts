import { type KubeObject, keyOf } from './object.ts';

/** The values under which an index finds an object. Must depend on the object alone. */
type IndexFunction<T> = (object: T) => readonly string[];
export type Indexes<T> = Readonly<Record<string, IndexFunction<T>>>;

interface Entry<T> {
  readonly object: T;
  /** By index name; kept, so that an entry is taken out exactly where it was put in. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

type Buckets<T> = Map<string, Map<string, T>>;

/** Objects by key, by namespace and by declared indexes. Not a copy: what it returns is what it holds. */
export interface Store<T extends KubeObject> {
  readonly size: number;
  get(key: string): T | undefined;
  list(namespace?: string): T[];
  byIndex(index: string, value: string): T[];
  keys(): IterableIterator<string>;
  put(object: T): void;
  remove(key: string): void;
}

export function createStore<T extends KubeObject>(indexes: Indexes<T> = {}): Store<T> {
  const entries = new Map<string, Entry<T>>();
  const namespaces: Buckets<T> = new Map();
  const buckets = new Map<string, Buckets<T>>(Object.keys(indexes).map((name) => [name, new Map()]));

  const remove = (key: string) => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    takeOut(namespaces, entry.object.metadata.namespace ?? '', key);
    for (const [name, values] of entry.values) {
      for (const value of values) takeOut(buckets.get(name), value, key);
    }
  };
  return {
    get size() {
      return entries.size;
    },
    get: (key) => entries.get(key)?.object,
    list: (namespace) =>
      namespace === undefined
        ? Array.from(entries.values(), (entry) => entry.object)
        : Array.from(namespaces.get(namespace)?.values() ?? []),
    byIndex(index, value) {
      const bucket = buckets.get(index);
      if (!bucket) throw new Error(`no index named ${JSON.stringify(index)}`);
      return Array.from(bucket.get(value)?.values() ?? []);
    },
    keys: () => entries.keys(),
    put(object) {
      const key = keyOf(object.metadata);
      const values = new Map(Object.entries(indexes).map(([name, valuesOf]) => [name, valuesOf(object)]));
      remove(key);
      entries.set(key, { object, values });
      putIn(namespaces, object.metadata.namespace ?? '', key, object);
      for (const [name, own] of values) {
        for (const value of own) putIn(buckets.get(name), value, key, object);
      }
    },
    remove,
  };
}

function putIn<T>(buckets: Buckets<T> | undefined, value: string, key: string, object: T): void {
  const bucket = buckets?.get(value);
  if (bucket) bucket.set(key, object);
  else buckets?.set(value, new Map([[key, object]]));
}

function takeOut<T>(buckets: Buckets<T> | undefined, value: string, key: string): void {
  const bucket = buckets?.get(value);
  bucket?.delete(key);
  if (bucket?.size === 0) buckets?.delete(value);
}
