import type { DefaultStatus, ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { askFor, deployExtension, destroyExtension } from './extension-object.ts';
import { timestampAnnotation } from './readiness.ts';
import { type Target, type Waiting, waitUntilDeleted, waitUntilMigrated, waitUntilReady } from './wait.ts';

/** What a ShootState keeps of an extension object between two seeds. */
export interface ExtensionState {
  readonly state?: unknown;
  readonly resources?: unknown;
}

/**
 * The source seed's half of a control-plane migration (gardener-contract 1.12): asks to migrate, waits, keeps the state,
 * deletes the object and waits until it is gone. Nothing outside of the seed may be touched by it.
 */
export async function migrateExtension<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
): Promise<ExtensionState> {
  await askFor(waiting, target, 'migrate');
  const migrated = await waitUntilMigrated(waiting, target);
  const state = keptState(migrated?.status);
  await destroyExtension(waiting, target);
  await waitUntilDeleted(waiting, target);
  return state;
}

/**
 * The destination's half: deploys with `wait-for-state`, puts the state into the status, asks to restore, and waits by the
 * readiness rule. An object that has a state already keeps it, so that it can be called again.
 */
export async function restoreExtension<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
  wanted: T,
  kept: ExtensionState,
): Promise<T> {
  const deployed = await deployExtension(waiting, target, wanted, { ask: true, operation: 'wait-for-state' });
  if (deployed.status?.state === undefined && Object.keys(kept).length > 0) {
    const { client, signal } = waiting;
    await client.mergePatch(target.resource, target, { status: kept }, { subresource: 'status', signal });
  }
  const asked = await askFor(waiting, target, 'restore');
  return waitUntilReady(waiting, target, asked?.metadata.annotations?.[timestampAnnotation]);
}

function keptState(status: (DefaultStatus & { resources?: unknown }) | undefined): ExtensionState {
  return {
    ...(status?.state === undefined ? {} : { state: status.state }),
    ...(status?.resources === undefined ? {} : { resources: status.resources }),
  };
}
