import type { Clock } from './clock.ts';
import type { VersionedInformer } from './informer.ts';
import { type KubeObject, keyOf, type ObjectKey } from './object.ts';
import { createReadYourWrites } from './written.ts';

/** Objects of a resource as they are known, with what was written but has not come back through the watch yet. */
export interface Cache<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  list(namespace: string): readonly T[];
  /** To be called with the server's answer to a write. */
  remember(object: T): void;
}

/** `transform` must be the informer's. */
export function createCache<T extends KubeObject>(
  informer: VersionedInformer<T>,
  clock: Clock,
  transform: (object: T) => T = (object) => object,
): Cache<T> {
  const written = createReadYourWrites(informer, clock);
  /** Keys of created objects, by namespace, until the informer has them. */
  const created = new Map<string, Set<string>>();

  const missing = (namespace: string): T[] => {
    const keys = created.get(namespace) ?? new Set();
    const found: T[] = [];
    for (const key of keys) {
      const object = informer.get(key) ? undefined : written.newest(key);
      if (object) found.push(object);
      else keys.delete(key);
    }
    if (keys.size === 0) created.delete(namespace);
    return found;
  };
  return {
    get: (key) => written.newest(keyOf(key)),
    list(namespace) {
      const known = informer.list(namespace).flatMap((object) => written.newest(keyOf(object.metadata)) ?? []);
      return [...known, ...missing(namespace)];
    },
    remember(object) {
      const small = transform(object);
      const key = keyOf(small.metadata);
      const { namespace = '' } = small.metadata;
      written.remember(small);
      if (!informer.get(key)) created.set(namespace, (created.get(namespace) ?? new Set()).add(key));
    },
  };
}
