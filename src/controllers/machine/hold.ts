import { type MachineClass, machineClasses } from '../../apis/machine/machine.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { isNotFound } from '../../kube/errors.ts';
import { isOutdated, metadataPatch } from '../../kube/finalizers.ts';
import { type KubeObject, parseKey } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { type Secret, secrets } from '../../kube/secret.ts';
import type { IndexedCache } from './caches.ts';
import type { MachineContext } from './context.ts';
import { machineFinalizer, secretFinalizer } from './names.ts';

interface Held<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly cache: IndexedCache<T>;
  readonly finalizer: string;
  readonly isUsed: (name: string) => boolean;
}

/** A class stays while there are Machines of it: they could not be given back without it. */
export function holdClass(
  context: MachineContext,
  key: string,
  signal: AbortSignal,
): Promise<ReconcileResult | undefined> {
  const { classes: cache, machines } = context;
  const isUsed = (name: string) => machines.byIndex('class', name).length > 0;
  return hold<MachineClass>(
    context,
    { resource: machineClasses, cache, finalizer: machineFinalizer, isUsed },
    key,
    signal,
  );
}

/** A Secret stays while there are classes with it. */
export function holdSecret(
  context: MachineContext,
  key: string,
  signal: AbortSignal,
): Promise<ReconcileResult | undefined> {
  const { secrets: cache, classes } = context;
  const isUsed = (name: string) => classes.byIndex('secret', name).length > 0;
  return hold<Secret>(context, { resource: secrets, cache, finalizer: secretFinalizer, isUsed }, key, signal);
}

async function hold<T extends KubeObject>(
  { control, settings }: MachineContext,
  { resource, cache, finalizer, isUsed }: Held<T>,
  key: string,
  signal: AbortSignal,
): Promise<ReconcileResult | undefined> {
  const object = cache.get(parseKey(key));
  if (!object) return undefined;
  const { name, deletionTimestamp } = object.metadata;
  const isWanted = isUsed(name);
  // What goes takes no new finalizers.
  if (isWanted && deletionTimestamp) return undefined;
  const patch = metadataPatch(object, isWanted ? { addFinalizer: finalizer } : { removeFinalizers: [finalizer] });
  if (!patch) return undefined;
  try {
    cache.remember(await control.jsonPatch(resource, object.metadata, patch, { signal }));
    return undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (!isOutdated(error)) throw error;
    return { requeueAfterMs: settings.periods.conflict };
  }
}
