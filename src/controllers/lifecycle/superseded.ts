import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { isSameRequest } from './annotations.ts';

/** A wait that ends because Gardener has asked for something newer: no failure, the next run serves it. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** True when what a run was started for is not any more what Gardener wants; `current` is undefined when it is gone. */
export function isSuperseded(started: ExtensionObject, current: ExtensionObject | undefined): boolean {
  if (current?.metadata.uid !== started.metadata.uid) return true;
  const isNewlyDeleted = Boolean(current?.metadata.deletionTimestamp) && !started.metadata.deletionTimestamp;
  return isNewlyDeleted || (current !== undefined && !isSameRequest(started, current));
}
