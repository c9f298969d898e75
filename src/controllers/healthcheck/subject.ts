import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { InformerEvent } from '../../kube/lister.ts';
import { requestAnnotations, requestedOperation, timestampAnnotation } from '../lifecycle/annotations.ts';
import { conditionsOf } from './conditions.ts';

/** As long as this after its creation, what an object lacks is taken for on its way. */
export const newForMs = 15 * 60_000;

/**
 * Objects that go, or have gone to another seed, are left alone (gardener-contract 5.6), and so are those that are being
 * made: until the first run has ended, well or not, there is nothing to be said that its progress does not say.
 */
export function isChecked(object: ExtensionObject): boolean {
  const { metadata, status } = object;
  const { type, state } = status?.lastOperation ?? {};
  const isMigrating = requestedOperation(object) === 'migrate' || type === 'Migrate';
  const isBeingMade = type === undefined || (type === 'Create' && state === 'Processing');
  return !metadata.deletionTimestamp && !isMigrating && !isBeingMade;
}

/** It has never been ready, or only just: the cluster around it comes into being, too. */
export function isNew({ metadata, status }: ExtensionObject, nowMs: number): boolean {
  const { type, state } = status?.lastOperation ?? {};
  const isBeingMade = (type === 'Create' || type === 'Restore') && state !== 'Succeeded';
  return isBeingMade || nowMs - Date.parse(metadata.creationTimestamp ?? '') < newForMs;
}

/** It has changed what was asked for: the Cluster, which gardenlet writes before it asks, is to be read again. */
export function requestOf({ metadata }: ExtensionObject): string {
  return JSON.stringify([metadata.uid, metadata.generation, metadata.annotations?.[timestampAnnotation]]);
}

/**
 * Own writes do not wake, nor does a success but the first: right after it gardenlet writes the object under a lock
 * (gardener-contract 7.1).
 */
export function asksForCheck(event: InformerEvent<ExtensionObject>): boolean {
  // After a deletion there is something to be forgotten.
  if (event.type !== 'update') return true;
  const { old, object } = event;
  return requestOf(old) !== requestOf(object) || (isChecked(object) && !isChecked(old));
}

/** The part of an object that is kept between checks. */
export function smallSubject<T extends ExtensionObject>(object: T): T {
  const { metadata, spec } = object;
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadata;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => requestAnnotations.includes(key));
  const { type, state } = object.status?.lastOperation ?? {};
  return {
    metadata: {
      ...{ name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp },
      annotations: Object.fromEntries(annotations),
    },
    spec: { type: spec.type, class: spec.class },
    status: { conditions: conditionsOf(object), lastOperation: type && { type, state } },
  } as unknown as T;
}
