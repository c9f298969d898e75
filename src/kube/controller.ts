import type { InformerEvent } from './lister.ts';
import type { KubeObject } from './object.ts';

export interface ReconcileResult {
  /** Run again after so many milliseconds, without growing the back-off. */
  readonly requeueAfterMs?: number | undefined;
}

/**
 * Brings one object closer to what is wanted. Never runs twice at once for one key. Throwing means: again, after the
 * key's back-off. The signal is aborted at the deadline of the run and when the process gives up draining.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | undefined>;

/** The keys that an event asks to reconcile; empty for an event that does not matter. */
export type MapEvent<T extends KubeObject> = (event: InformerEvent<T>) => readonly string[];
