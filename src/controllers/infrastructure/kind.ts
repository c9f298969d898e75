import type { Infrastructure } from '../../apis/extensions/infrastructure.ts';
import { infrastructures } from '../../apis/extensions/resources.ts';
import type { ExtensionKind } from '../lifecycle/kind.ts';

export const infrastructureKind: ExtensionKind<Infrastructure> = {
  resource: infrastructures,
  noun: 'infrastructure',
  finalizer: 'extensions.gardener.cloud/infrastructure',
  deadlineMs: 20 * 60_000,
  migrationRemoves: 'own',
};
