import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { MetadataChange } from '../../kube/finalizers.ts';

/** What Gardener asks for; removed by the extension when it has taken the request (gardener-contract 1.6). */
export const operationAnnotation = 'gardener.cloud/operation';
/** When Gardener asked, RFC 3339 with nanoseconds. Never written by an extension. */
export const timestampAnnotation = 'gardener.cloud/timestamp';
/** What makes up a request. */
export const requestAnnotations: readonly string[] = [operationAnnotation, timestampAnnotation];

export type RequestedOperation = 'reconcile' | 'restore' | 'migrate' | 'wait-for-state';

const operations: readonly string[] = ['reconcile', 'restore', 'migrate', 'wait-for-state'];

/** The operation annotation, or undefined when it is absent or unknown. */
export function requestedOperation(object: ExtensionObject): RequestedOperation | undefined {
  const value = object.metadata.annotations?.[operationAnnotation];
  return value !== undefined && operations.includes(value) ? (value as RequestedOperation) : undefined;
}

/** Second of the timestamp annotation, in milliseconds since the epoch; undefined when absent or unreadable. */
export function requestedAt(object: ExtensionObject): number | undefined {
  const value = object.metadata.annotations?.[timestampAnnotation];
  const time = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000) * 1000;
}

/** False when gardenlet has asked for something else, or once more, since `answered` was read. */
export function isSameRequest(answered: ExtensionObject, current: ExtensionObject): boolean {
  const [before = {}, now = {}] = [answered.metadata.annotations, current.metadata.annotations];
  return requestAnnotations.every((name) => before[name] === now[name]);
}

/** Takes a request away, unless there is another by now. */
export function answer(asked: ExtensionObject, current: ExtensionObject): MetadataChange {
  const answered = requestedOperation(asked) && isSameRequest(asked, current) ? [operationAnnotation] : [];
  return { removeAnnotations: answered, ifUnchanged: requestAnnotations };
}
