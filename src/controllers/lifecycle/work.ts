import { isDeepStrictEqual } from 'node:util';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { InformerEvent } from '../../kube/lister.ts';
import { requestedAt, requestedOperation } from './annotations.ts';
import { unfinishedPercent } from './status.ts';

/**
 * True when the object waits for a run: an operation is requested, or it shows by itself that it waits. An extension
 * never acts on a changed spec alone: gardenlet decides when, by the annotation (gardener-contract 1.8).
 */
export function needsWork(object: ExtensionObject): boolean {
  const requested = requestedOperation(object);
  const isUnfinished = object.status?.lastOperation?.progress === unfinishedPercent;
  return requested !== 'wait-for-state' && (requested !== undefined || isUnfinished || showsWork(object));
}

/**
 * True when the object shows also without an annotation that it waits: it is being deleted, its last operation did not
 * succeed, or the last request is newer. gardenlet does not take such an object for ready, and a process that is killed
 * after it has taken the annotation finds the work again.
 */
export function showsWork(object: ExtensionObject): boolean {
  if (object.metadata.deletionTimestamp) return true;
  const last = object.status?.lastOperation;
  if (last?.state !== 'Succeeded') return true;
  const asked = requestedAt(object);
  return last.type !== 'Migrate' && asked !== undefined && asked > Date.parse(last.lastUpdateTime);
}

/** Which events wake the controller; the rest of a decision is made by the run, on the newest object. */
export function wakesUp(event: InformerEvent<ExtensionObject>, ignoreOperationAnnotation: boolean): boolean {
  if (event.type === 'delete') return false;
  if (event.type === 'add') return needsWork(event.object);
  const { old, object } = event;
  if (object.metadata.deletionTimestamp) {
    return !old.metadata.deletionTimestamp || isDeepStrictEqual(old.status, object.status);
  }
  if (ignoreOperationAnnotation && old.metadata.generation !== object.metadata.generation) return true;
  const requested = requestedOperation(object);
  return requested !== undefined && requested !== 'wait-for-state';
}

/** Serves only its own type, and only its own classes; no class means `shoot` (gardener-contract 1.2). */
export function isServed(object: ExtensionObject, type: string, classes: readonly string[]): boolean {
  return object.spec.type === type && classes.includes(object.spec.class ?? 'shoot');
}
