import type { KubeObject } from '../kube/object.ts';
import type { DesiredManagedResource } from './desired.ts';

/** Gardener's extension library has fixed the name (gardener-contract 3.1). */
export const shootWebhooksName = 'extension-controlplane-shoot-webhooks';

/** What whoever deletes the contents of a shoot leaves alone. */
export const noCleanup: Readonly<Record<string, string>> = { 'shoot.gardener.cloud/no-cleanup': 'true' };

/** Brings the webhook configuration to a shoot. */
export function shootWebhooks(configuration: KubeObject): DesiredManagedResource {
  return { name: shootWebhooksName, objects: [configuration], injectLabels: noCleanup };
}
