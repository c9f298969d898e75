import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { isSameRequest, operationAnnotation, timestampAnnotation } from './annotations.ts';

/** A wait that ends because Gardener has asked for something newer: no failure, the next run serves it. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** True when what a run was started for is not any more what Gardener wants; `current` is undefined when it is gone. */
export function isSuperseded(started: ExtensionObject, current: ExtensionObject | undefined): boolean {
  if (!current || current.metadata.uid !== started.metadata.uid) return true;
  if (current.metadata.deletionTimestamp && !started.metadata.deletionTimestamp) return true;
  // The run itself may have taken the request away.
  const [before = {}, now = {}] = [started.metadata.annotations, current.metadata.annotations];
  const isTaken = now[operationAnnotation] === undefined;
  return isTaken ? before[timestampAnnotation] !== now[timestampAnnotation] : !isSameRequest(started, current);
}
