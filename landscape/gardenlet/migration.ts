import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { askFor, deployExtension, destroyExtension } from './extension-object.ts';
import { timestampAnnotation } from './readiness.ts';
import { definedOf, type ExtensionState } from './shoot-state.ts';
import { type Target, type Waiting, waitUntilDeleted, waitUntilMigrated, waitUntilReady } from './wait.ts';

/**
 * The source seed's half of a control-plane migration (gardener-contract 1.12): asks to migrate and waits; the state that
 * the object has then. Nothing outside of the seed may be touched by it.
 */
export async function letGoOfExtension<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
): Promise<ExtensionState> {
  await askFor(waiting, target, 'migrate');
  const migrated = await waitUntilMigrated(waiting, target);
  return definedOf(migrated?.status ?? {});
}

/** The same, and the object is deleted. */
export async function migrateExtension<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
): Promise<ExtensionState> {
  const state = await letGoOfExtension(waiting, target);
  await deleteMigrated(waiting, target);
  return state;
}

export async function deleteMigrated<T extends ExtensionObject>(waiting: Waiting, target: Target<T>): Promise<void> {
  await destroyExtension(waiting, target);
  await waitUntilDeleted(waiting, target);
}

/**
 * The destination's half: deploys with `wait-for-state`, puts the state into the status, and asks to restore. An object
 * that has a state already keeps it, so that it can be called again.
 */
export async function deployToRestore<T extends ExtensionObject>(
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
  return (await askFor(waiting, target, 'restore')) ?? deployed;
}

/** The same, and the object is waited for by the readiness rule. */
export async function restoreExtension<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
  wanted: T,
  kept: ExtensionState,
): Promise<T> {
  const asked = await deployToRestore(waiting, target, wanted, kept);
  return waitUntilReady(waiting, target, asked.metadata.annotations?.[timestampAnnotation]);
}
