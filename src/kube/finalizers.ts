import type { KubeObject } from './object.ts';

export interface MetadataChange {
  readonly addFinalizer?: string | undefined;
  readonly removeFinalizers?: readonly string[] | 'all' | undefined;
  readonly removeAnnotations?: readonly string[] | undefined;
}

/** A JSON merge patch. */
export interface MetadataPatch {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, null>>;
  };
}

/**
 * The merge patch that brings the change about, or undefined if the object is already so. It holds only for the
 * resourceVersion it was computed from (409 otherwise), because a merge patch replaces the whole list of finalizers, and
 * because an annotation that has been set anew meanwhile must not be removed unseen. Throws for an object without one.
 */
export function metadataPatch(object: KubeObject, change: MetadataChange): MetadataPatch | undefined {
  const { resourceVersion, finalizers: before = [], annotations = {} } = object.metadata;
  const finalizers = changedFinalizers(before, change);
  const gone = (change.removeAnnotations ?? []).filter((name) => Object.hasOwn(annotations, name));
  if (!finalizers && gone.length === 0) return undefined;
  if (!resourceVersion) throw new Error(`${object.metadata.name} has no resourceVersion to guard its patch`);
  return {
    metadata: {
      resourceVersion,
      ...(finalizers && { finalizers }),
      ...(gone.length > 0 && { annotations: Object.fromEntries(gone.map((name) => [name, null])) }),
    },
  };
}

function changedFinalizers(before: readonly string[], change: MetadataChange): readonly string[] | undefined {
  const { addFinalizer: added, removeFinalizers: removed = [] } = change;
  const kept = removed === 'all' ? [] : before.filter((name) => !removed.includes(name));
  const after = added && !kept.includes(added) ? [...kept, added] : kept;
  const same = after.length === before.length && after.every((name, index) => name === before[index]);
  return same ? undefined : after;
}
