import type { WatchEvent } from './client.ts';
import type { InformerEvent } from './lister.ts';
import { type KubeObject, keyOf } from './object.ts';

type Known<T> = (key: string) => T | undefined;

/**
 * What changes when `object` is the newest state: nothing when it is known already; two events when an object of the
 * same name took the place of another (its uid differs), whose deletion was missed.
 */
export function changesOfState<T extends KubeObject>(known: Known<T>, object: T, initial = false): InformerEvent<T>[] {
  const old = known(keyOf(object.metadata));
  if (!old) return [{ type: 'add', object, initial }];
  if (old.metadata.uid !== object.metadata.uid) {
    return [
      { type: 'delete', object: old },
      { type: 'add', object, initial: false },
    ];
  }
  return old.metadata.resourceVersion === object.metadata.resourceVersion ? [] : [{ type: 'update', old, object }];
}

/** The deletion of an object that is not known, or that another took the place of, changes nothing. */
function changesOfDeletion<T extends KubeObject>(known: Known<T>, object: T): InformerEvent<T>[] {
  const old = known(keyOf(object.metadata));
  return old && old.metadata.uid === object.metadata.uid ? [{ type: 'delete', object }] : [];
}

export function changesOfEvent<T extends KubeObject>(
  known: Known<T>,
  event: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>,
): InformerEvent<T>[] {
  return event.type === 'DELETED' ? changesOfDeletion(known, event.object) : changesOfState(known, event.object);
}

/** The deletions that a complete list tells by what it does not have. */
export function missingFrom<T extends KubeObject>(
  listed: readonly T[],
  keys: Iterable<string>,
  known: Known<T>,
): InformerEvent<T>[] {
  const present = new Set(listed.map((object) => keyOf(object.metadata)));
  const events: InformerEvent<T>[] = [];
  for (const key of keys) {
    const object = present.has(key) ? undefined : known(key);
    if (object) events.push({ type: 'delete', object });
  }
  return events;
}
