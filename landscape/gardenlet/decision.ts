import { gardenerFinalizer, ignoreAnnotation, isTrue, type ShootLastOperation, type ShootObject } from './shoot.ts';

/** Which operation a Shoot is in; the first rule that matches. */
export function shootOperationType(shoot: ShootObject): ShootLastOperation['type'] {
  const last = shoot.status?.lastOperation;
  if (shoot.metadata.deletionTimestamp) return 'Delete';
  if (!last?.type) return 'Create';
  if (shoot.status?.seedName && shoot.spec.seedName !== shoot.status.seedName) return 'Migrate';
  const unfinished = last.state !== 'Succeeded';
  if (unfinished && (last.type === 'Create' || last.type === 'Restore')) return last.type;
  return last.type === 'Migrate' && !unfinished ? 'Restore' : 'Reconcile';
}

/**
 * Whether gardenlet starts an operation now. The API server raises the generation for spec changes, deletion, force
 * deletion and the annotation `gardener.cloud/operation` with reconcile or retry, so that is all there is to look at.
 * A Shoot that is up to date is left alone: regular reconciliation belongs to maintenance windows.
 */
export function shouldOperate(shoot: ShootObject): boolean {
  if (isTrue(shoot.metadata.annotations?.[ignoreAnnotation])) return false;
  if (shoot.metadata.deletionTimestamp && !shoot.metadata.finalizers?.includes(gardenerFinalizer)) return false;
  const last = shoot.status?.lastOperation;
  const current = shoot.status?.observedGeneration === shoot.metadata.generation;
  if (last?.state === 'Failed') return !current;
  if (shootOperationType(shoot) !== 'Reconcile') return true;
  return !current || last?.state !== 'Succeeded';
}
