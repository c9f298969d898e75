import { workers } from '../../apis/extensions/resources.ts';
import type { Worker } from '../../apis/extensions/worker.ts';
import type { ExtensionKind } from '../lifecycle/kind.ts';

export const workerKind: ExtensionKind<Worker> = {
  resource: workers,
  noun: 'worker',
  finalizer: 'extensions.gardener.cloud/worker',
  deadlineMs: 20 * 60_000,
  migrationRemoves: 'own',
};
