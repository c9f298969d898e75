import type { KubeClient } from '../../src/kube/client.ts';
import { apiVersionOf, defineResource, type Resource } from '../../src/kube/resource.ts';
import {
  cloudProfiles,
  credentialsBindings,
  namespaces,
  projects,
  secrets,
  seeds,
  shoots,
} from '../gardenlet/resources.ts';
import type { Manifest } from './manifests.ts';

const controllerRegistrations = defineResource({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'ControllerRegistration',
  plural: 'controllerregistrations',
  namespaced: false,
});

const known: readonly Resource[] = [
  namespaces,
  secrets,
  projects,
  seeds,
  shoots,
  cloudProfiles,
  credentialsBindings,
  controllerRegistrations,
];

/** Creates or updates objects by server-side apply, one after the other, as `kubectl apply --server-side` does. */
export async function applyManifests(
  client: KubeClient,
  manifests: readonly Manifest[],
  signal: AbortSignal,
): Promise<void> {
  for (const manifest of manifests) {
    const resource = known.find((item) => item.kind === manifest.kind && apiVersionOf(item) === manifest.apiVersion);
    if (!resource) throw new Error(`${manifest.apiVersion} ${manifest.kind} is not known here`);
    await client.apply(resource, manifest, { fieldManager: 'espalier-landscape', force: true, signal });
  }
}
