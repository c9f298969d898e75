import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import { requestedOperation } from './annotations.ts';

/** What a run has to do; the first rule that matches (gardener-contract 1.7, ComputeOperationType). */
export function operationType(object: ExtensionObject): OperationType {
  const requested = requestedOperation(object);
  const last = object.status?.lastOperation;
  if (requested === 'migrate') return 'Migrate';
  if (object.metadata.deletionTimestamp) return 'Delete';
  if (requested === 'restore') return 'Restore';
  if (!last) return 'Create';
  const unfinished = last.state !== 'Succeeded';
  return unfinished && (last.type === 'Create' || last.type === 'Migrate' || last.type === 'Restore')
    ? last.type
    : 'Reconcile';
}

/** The object has moved to another seed: whatever happens to it here must not reach the infrastructure any more. */
export function isMigratedAway(object: ExtensionObject, type: OperationType): boolean {
  const last = object.status?.lastOperation;
  return type !== 'Migrate' && type !== 'Restore' && last?.type === 'Migrate' && last.state === 'Succeeded';
}
