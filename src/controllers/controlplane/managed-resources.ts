import { type ManagedResource, managedResources } from '../../apis/resources/managed-resource.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { DesiredManagedResource } from '../../managed-resources/desired.ts';
import { noCleanup } from '../../managed-resources/shoot-webhooks.ts';
import type { ControlPlaneObjects } from '../../providers/control-plane.ts';

/** Gardener's extension library has fixed the names: health checks know them (gardener-contract 3.1). */
export const managedResourceNames = {
  seed: 'extension-controlplane-seed',
  shoot: 'extension-controlplane-shoot',
  storageClasses: 'extension-controlplane-storageclasses',
} as const;

export function desiredSeed({ seed }: ControlPlaneObjects): DesiredManagedResource {
  return { name: managedResourceNames.seed, class: 'seed', objects: seed };
}

export function desiredInShoot({ shoot, storageClasses }: ControlPlaneObjects): readonly DesiredManagedResource[] {
  return [
    { name: managedResourceNames.shoot, objects: shoot, injectLabels: noCleanup },
    {
      name: managedResourceNames.storageClasses,
      objects: storageClasses,
      injectLabels: noCleanup,
      forceOverwriteAnnotations: true,
    },
  ];
}

export type Found = ReadonlyMap<string, ManagedResource>;

/** All of the namespace by name, in one call. */
export async function findManagedResources(
  client: Pick<KubeClient, 'list'>,
  namespace: string,
  signal: AbortSignal,
): Promise<Found> {
  const { items } = await client.list(managedResources, { namespace, signal });
  return new Map(items.map((item) => [item.metadata.name, item]));
}
