import { workers } from '../../apis/extensions/resources.ts';
import type { Worker } from '../../apis/extensions/worker.ts';
import type { ExtensionKind } from '../lifecycle/kind.ts';

/** A run waits for machines in rounds that end by themselves and say what is missing: the deadline is for all of them together. */
export const workerKind: ExtensionKind<Worker> = {
  resource: workers,
  noun: 'worker',
  finalizer: 'extensions.gardener.cloud/worker',
  deadlineMs: 40 * 60_000,
  migrationRemoves: 'own',
};
