import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import { managedResources } from '../../apis/resources/managed-resource.ts';
import { all } from '../../kube/all.ts';
import { shootWebhooksName } from '../../managed-resources/shoot-webhooks.ts';
import { waitUntilGone } from '../../managed-resources/wait.ts';
import type { Operation, Outcome } from '../../providers/provider.ts';
import { deleteSecrets } from '../secrets/manager.ts';
import { type Found, findManagedResources, managedResourceNames } from './managed-resources.ts';
import { type ControlPlaneOptions, secretsIdentity, waitMs } from './options.ts';
import { deleteShootAccess } from './shoot-access.ts';

/** Deletes everything, Secrets last. */
export async function remove(
  operation: Operation<ControlPlane>,
  options: ControlPlaneOptions,
  how: { readonly wait: boolean },
): Promise<Outcome<ControlPlane>> {
  const { kube, driver, name } = options;
  const { signal, log, object } = operation;
  const { namespace = '' } = object.metadata;
  await removeManagedResources(operation, options, await findManagedResources(kube, namespace, signal), how);
  await deleteSecrets({ client: kube, namespace, identity: secretsIdentity(name), signal, log });
  await driver.afterDeletion(operation);
  return {};
}

/**
 * First what is in the shoot, while the components that serve it still run, then these; the shoot's webhooks change what
 * is left until the end (gardener-contract 3.3). The Secrets with the objects are collected by Gardener.
 */
export async function removeManagedResources(
  operation: Operation<ControlPlane>,
  { kube, clock, driver }: ControlPlaneOptions,
  found: Found,
  { wait }: { readonly wait: boolean },
): Promise<void> {
  const { signal, log, object, pause, progress } = operation;
  const { namespace = '' } = object.metadata;
  const removeAll = async (names: readonly string[]) => {
    const there = names.filter((name) => found.has(name));
    await all(there.map((name) => kube.delete(managedResources, { namespace, name }, { signal })));
    return there;
  };
  const waitForAll = async (names: readonly string[], percent: number) => {
    if (!wait || names.length === 0) return;
    progress(`Waiting until ManagedResources are deleted: ${names.join(', ')}`, percent);
    await pause((signal) => {
      const waiting = { client: kube, clock, log, timeoutMs: waitMs, signal };
      return all(names.map((name) => waitUntilGone(namespace, name, waiting)));
    });
  };
  const { seed, shoot, storageClasses } = managedResourceNames;
  await waitForAll(await removeAll([storageClasses, shoot]), 20);
  await removeAll([seed]);
  await deleteShootAccess(kube, namespace, driver.shootAccess, { signal });
  await waitForAll(await removeAll([shootWebhooksName]), 70);
}
