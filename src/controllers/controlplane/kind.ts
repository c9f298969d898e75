import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import { controlPlanes } from '../../apis/extensions/resources.ts';
import type { ExtensionKind } from '../lifecycle/kind.ts';

/**
 * A run waits for ManagedResources twice at most, two minutes each, so it ends by itself and can say what it waited for
 * before the deadline does. Gardener's three minutes are less than its own waits (gardener-contract 7.3).
 */
export const controlPlaneKind: ExtensionKind<ControlPlane> = {
  resource: controlPlanes,
  noun: 'controlplane',
  finalizer: 'extensions.gardener.cloud/controlplane',
  deadlineMs: 5 * 60_000,
  migrationRemoves: 'all',
};
