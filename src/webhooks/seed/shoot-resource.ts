import { createHash } from 'node:crypto';
import type { KubeObject } from '../../kube/object.ts';
import { defineResource } from '../../kube/resource.ts';
import type { Secret } from '../../kube/secret.ts';

/** Gardener's extension library has fixed the name (gardener-contract 3.1). */
export const shootWebhooksName = 'extension-controlplane-shoot-webhooks';

export interface ManagedResource extends KubeObject {
  spec?: { secretRefs?: readonly { name: string }[] };
}

export const managedResources = defineResource<ManagedResource>({
  group: 'resources.gardener.cloud',
  version: 'v1alpha1',
  kind: 'ManagedResource',
  plural: 'managedresources',
  namespaced: true,
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The Secret with the configuration for a shoot: immutable, named by its content, collected when nobody refers to it. */
export function contentSecret(namespace: string, configuration: KubeObject): Secret {
  const content = JSON.stringify(configuration);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `${shootWebhooksName}-${sha256(sha256(content)).slice(0, 8)}`,
      namespace,
      labels: { 'resources.gardener.cloud/garbage-collectable-reference': 'true' },
    },
    type: 'Opaque',
    immutable: true,
    data: { 'mutatingwebhookconfiguration.yaml': Buffer.from(content).toString('base64') },
  };
}

/** Annotation that keeps the Secret from being collected as long as the ManagedResource is there. */
export function referenceAnnotation(secretName: string): { readonly [key: string]: string } {
  return { [`reference.resources.gardener.cloud/secret-${sha256(secretName).slice(0, 8)}`]: secretName };
}
