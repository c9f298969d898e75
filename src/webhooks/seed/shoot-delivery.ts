import { managedResources } from '../../apis/resources/managed-resource.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import type { KubeClient } from '../../kube/client.ts';
import { abortable } from '../../kube/deadline.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import { namespaces } from '../../kube/namespace.ts';
import { applyManagedResource } from '../../managed-resources/apply.ts';
import { shootWebhooks } from '../../managed-resources/shoot-webhooks.ts';
import type { WebhookConfiguration } from '../registration.ts';

export interface ShootDeliveryOptions {
  /** Of the seed. */
  readonly client: KubeClient;
  /** Provider type, e.g. `metal`. */
  readonly type: string;
  /** The configuration for shoots that trusts this bundle (PEM). */
  readonly configure: (bundle: string | undefined) => WebhookConfiguration | undefined;
  readonly log: Logger;
}

/** The webhooks that API servers of shoots call. */
export interface ShootDelivery {
  /**
   * As it was last published, once it was; undefined when shoots have none. Who makes a ManagedResource for a new Shoot
   * begins with it.
   */
  configuration(signal: AbortSignal): Promise<WebhookConfiguration | undefined>;
  /** Brings the configuration to all Shoots that have one, so that they trust a new bundle before it is needed. */
  publish(bundle: string | undefined, signal: AbortSignal): Promise<void>;
}

/** Shoots that are written at the same time. */
const parallel = 8;

export function createShootDelivery({ client, type, configure, log }: ShootDeliveryOptions): ShootDelivery {
  let configuration: WebhookConfiguration | undefined;
  const published = Promise.withResolvers<void>();
  const labelSelector = `gardener.cloud/role=shoot,shoot.gardener.cloud/provider=${type}`;

  const update = async (namespace: string, wanted: WebhookConfiguration, signal: AbortSignal): Promise<boolean> => {
    const desired = shootWebhooks(wanted);
    const there = await client.find(managedResources, { namespace, name: desired.name }, { signal });
    // One whose objects are kept is about to move to another seed.
    if (!there || there.metadata.deletionTimestamp || there.spec?.keepObjects) return false;
    try {
      return (await applyManagedResource(client, namespace, desired, there, { signal })) !== there;
    } catch (error) {
      // Deleted in the meantime, with its Shoot.
      if (isNotFound(error)) return false;
      throw error;
    }
  };

  return {
    async configuration(signal) {
      await abortable(published.promise, signal);
      return configuration;
    },
    async publish(bundle, signal) {
      const wanted = configure(bundle);
      configuration = wanted;
      published.resolve();
      if (!wanted) return;
      const { items } = await client.list(namespaces, { labelSelector, signal });
      const pending = items
        .filter(({ metadata, status }) => !metadata.deletionTimestamp && status?.phase !== 'Terminating')
        .map(({ metadata }) => metadata.name);
      let updated = 0;
      await forEachBounded(pending, parallel, async (name) => {
        if (await update(name, wanted, signal)) updated += 1;
      });
      if (updated > 0) log.info({ shoots: updated }, 'Updated the webhook configuration of shoots');
    },
  };
}
