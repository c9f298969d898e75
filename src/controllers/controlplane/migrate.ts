import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import { managedResources } from '../../apis/resources/managed-resource.ts';
import { all } from '../../kube/all.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { ObjectKey } from '../../kube/object.ts';
import type { Operation, Outcome } from '../../providers/provider.ts';
import { findManagedResources, managedResourceNames } from './managed-resources.ts';
import type { ControlPlaneOptions } from './options.ts';
import { removeManagedResources } from './remove.ts';

/**
 * Takes down what acts from this seed; the shoot keeps its objects and the Secrets stay, for the other seed goes on with
 * the same authorities (gardener-contract 1.12).
 */
export async function migrate(
  operation: Operation<ControlPlane>,
  options: ControlPlaneOptions,
): Promise<Outcome<ControlPlane>> {
  const { kube, driver } = options;
  const { signal, object } = operation;
  const { namespace = '' } = object.metadata;
  const [found] = await all([findManagedResources(kube, namespace, signal), driver.beforeMigration(operation)]);
  const kept = [managedResourceNames.shoot, managedResourceNames.storageClasses].filter(
    (name) => found.has(name) && !found.get(name)?.spec?.keepObjects,
  );
  await all(kept.map((name) => keepObjects(kube, { namespace, name }, { signal })));
  await removeManagedResources(operation, options, found, { wait: true });
  return {};
}

async function keepObjects(kube: KubeClient, key: ObjectKey, options: CallOptions): Promise<void> {
  try {
    await kube.mergePatch(managedResources, key, { spec: { keepObjects: true } }, options);
  } catch (error) {
    // gardenlet deletes ManagedResources at this time, too.
    if (!isNotFound(error)) throw error;
  }
}
