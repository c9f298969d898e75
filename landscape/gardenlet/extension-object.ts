import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { createOrPatch } from './merge.ts';
import { mustAskAgain, operationAnnotation, timestampAnnotation } from './readiness.ts';
import { toNano } from './time.ts';
import type { Target } from './wait.ts';

interface Seedward {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const deletionConfirmation = 'confirmation.gardener.cloud/deletion';

/**
 * Creates or updates an extension object as gardenlet does. The operation is asked for only if `ask` says so, or when the
 * last one did not succeed; a mere change of the spec is written without asking (gardener-contract 1.4).
 */
export function deployExtension<T extends ExtensionObject>(
  { client, clock, signal }: Seedward,
  target: Target<T>,
  wanted: T,
  options: { readonly ask: boolean; readonly operation?: 'reconcile' | 'wait-for-state' },
): Promise<T> {
  return createOrPatch(
    client,
    target.resource,
    target,
    (existing) => {
      const ask = options.ask || (existing !== undefined && mustAskAgain(existing));
      if (!ask) return wanted;
      const annotations = {
        ...existing?.metadata.annotations,
        [operationAnnotation]: options.operation ?? 'reconcile',
        [timestampAnnotation]: toNano(clock.now()),
      };
      return { ...wanted, metadata: { ...wanted.metadata, annotations } };
    },
    signal,
  );
}

async function annotate<T extends ExtensionObject>(
  { client, clock, signal }: Seedward,
  target: Target<T>,
  annotations: Record<string, string>,
): Promise<T | undefined> {
  const patch = { metadata: { annotations: { ...annotations, [timestampAnnotation]: toNano(clock.now()) } } };
  try {
    return await client.mergePatch(target.resource, target, patch, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Asks for `migrate` or `restore`; undefined when the object does not exist. */
export function askFor<T extends ExtensionObject>(
  seed: Seedward,
  target: Target<T>,
  operation: 'migrate' | 'restore',
): Promise<T | undefined> {
  return annotate(seed, target, { [operationAnnotation]: operation });
}

/** Confirms the deletion, with a new timestamp, and deletes. An object that is gone is fine. */
export async function destroyExtension<T extends ExtensionObject>(seed: Seedward, target: Target<T>): Promise<void> {
  const confirmed = await annotate(seed, target, { [deletionConfirmation]: 'true' });
  if (confirmed) await seed.client.delete(target.resource, target, { signal: seed.signal });
}
