import { ApiError, isConflict } from './errors.ts';
import type { KubeObject } from './object.ts';

export interface MetadataChange {
  readonly addFinalizer?: string | undefined;
  readonly removeFinalizers?: readonly string[] | 'all' | undefined;
  readonly removeAnnotations?: readonly string[] | undefined;
  /** Annotations that decided on this change: it must not be made when they are not as they were read. */
  readonly ifUnchanged?: readonly string[] | undefined;
}

interface PatchOperation {
  readonly op: 'test' | 'add' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/**
 * The JSON patch that brings the change about, or undefined if the object is already so. It tests what it builds on (the
 * object itself, its list of finalizers, the annotations it removes) and nothing else, so that writers of other fields
 * are no conflict. See isOutdated for a patch whose test failed.
 */
export function metadataPatch(object: KubeObject, change: MetadataChange): readonly PatchOperation[] | undefined {
  const { uid, finalizers: before = [], annotations = {} } = object.metadata;
  const finalizers = changedFinalizers(before, change);
  const gone = (change.removeAnnotations ?? []).filter((name) => Object.hasOwn(annotations, name));
  if (!finalizers && gone.length === 0) return undefined;
  if (!uid) throw new Error(`${object.metadata.name} has no uid to guard its patch`);
  const tested = new Set([...gone, ...(change.ifUnchanged ?? [])]);
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    ...[...tested].map((name) => testAnnotation(object, name)),
    ...gone.map((name): PatchOperation => ({ op: 'remove', path: annotationPath(name) })),
    ...(finalizers ? replaceFinalizers(before, finalizers) : []),
  ];
}

/** The object is not any more what the patch was computed from: read it again. */
export function isOutdated(error: unknown): boolean {
  if (isConflict(error)) return true;
  // A test that failed is told apart from a field that is invalid by naming none.
  return error instanceof ApiError && error.code === 422 && !error.status.details?.causes?.length;
}

/** The server takes null for a list that is not there. */
function replaceFinalizers(before: readonly string[], after: readonly string[]): PatchOperation[] {
  const path = '/metadata/finalizers';
  return [
    { op: 'test', path, value: before.length > 0 ? before : null },
    { op: 'add', path, value: after },
  ];
}

function testAnnotation({ metadata }: KubeObject, name: string): PatchOperation {
  if (!metadata.annotations) return { op: 'test', path: '/metadata/annotations', value: null };
  return { op: 'test', path: annotationPath(name), value: metadata.annotations[name] ?? null };
}

/** A JSON pointer (RFC 6901). */
function annotationPath(name: string): string {
  return `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function changedFinalizers(before: readonly string[], change: MetadataChange): readonly string[] | undefined {
  const { addFinalizer: added, removeFinalizers: removed = [] } = change;
  const kept = removed === 'all' ? [] : before.filter((name) => !removed.includes(name));
  const after = added && !kept.includes(added) ? [...kept, added] : kept;
  const same = after.length === before.length && after.every((name, index) => name === before[index]);
  return same ? undefined : after;
}
