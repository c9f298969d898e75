import { toError } from '../kube/errors.ts';
import type { Unseen } from './doctor.ts';

export interface Looking {
  readonly signal: AbortSignal;
  /** Takes up what could not be looked at. */
  readonly unseen: Unseen[];
}

/** Runs one look; its failure is noted, and nothing is said of what it would have shown. */
export async function tryTo<T>({ unseen, signal }: Looking, what: string, look: () => T | Promise<T>) {
  try {
    return await look();
  } catch (error) {
    signal.throwIfAborted();
    unseen.push({ what, reason: toError(error).message });
    return undefined;
  }
}
