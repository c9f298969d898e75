import { toError } from '../../../kube/errors.ts';
import type { SeenSeed, Unseen } from '../../doctor.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';

export interface Reader {
  readonly seeds: readonly SeenSeed[];
  readonly metalApis: MetalApiRegistry;
  readonly signal: AbortSignal;
  readonly unseen: Unseen[];
}

/** Runs one look; its failure is noted, and nothing is said of what it would have shown. */
export async function tryTo<T>({ unseen, signal }: Reader, what: string, look: () => T | Promise<T>) {
  try {
    return await look();
  } catch (error) {
    signal.throwIfAborted();
    unseen.push({ what, reason: toError(error).message });
    return undefined;
  }
}
