import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isNotFound } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import type { KubeObject } from '../../kube/object.ts';
import { defineResource } from '../../kube/resource.ts';
import { secrets } from '../../kube/secret.ts';
import type { WebhookConfiguration } from '../registration.ts';
import {
  contentSecret,
  type ManagedResource,
  managedResources,
  referenceAnnotation,
  shootWebhooksName,
} from './shoot-resource.ts';

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
  /** As it was last published; undefined before. Who makes a ManagedResource for a new Shoot begins with it. */
  readonly configuration: WebhookConfiguration | undefined;
  /** Brings the configuration to all Shoots that have one, so that they trust a new bundle before it is needed. */
  publish(bundle: string | undefined, signal: AbortSignal): Promise<void>;
}

interface Namespace extends KubeObject {
  status?: { phase?: string };
}

const namespaces = defineResource<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});

/** Shoots that are written at the same time. */
const parallel = 8;

export function createShootDelivery({ client, type, configure, log }: ShootDeliveryOptions): ShootDelivery {
  let configuration: WebhookConfiguration | undefined;
  const labelSelector = `gardener.cloud/role=shoot,shoot.gardener.cloud/provider=${type}`;

  const update = async (namespace: string, wanted: WebhookConfiguration, signal: AbortSignal): Promise<boolean> => {
    const key = { namespace, name: shootWebhooksName };
    const there = await client.find(managedResources, key, { signal });
    const secret = contentSecret(namespace, wanted);
    if (!there || there.metadata.deletionTimestamp || refersTo(there, secret.metadata.name)) return false;
    try {
      await client.create(secrets, secret, { signal }).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
      const { name } = secret.metadata;
      const patch = {
        metadata: { annotations: { ...withoutReferences(there), ...referenceAnnotation(name) } },
        spec: { secretRefs: [{ name }] },
      };
      await client.mergePatch(managedResources, key, patch, { signal });
      return true;
    } catch (error) {
      // Deleted in the meantime, with its Shoot.
      if (isNotFound(error)) return false;
      throw error;
    }
  };

  return {
    get configuration() {
      return configuration;
    },
    async publish(bundle, signal) {
      const wanted = configure(bundle);
      configuration = wanted;
      if (!wanted) return;
      const { items } = await client.list(namespaces, { labelSelector, signal });
      const pending = items
        .filter(({ metadata, status }) => !metadata.deletionTimestamp && status?.phase !== 'Terminating')
        .map(({ metadata }) => metadata.name);
      let updated = 0;
      const work = async () => {
        for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
          if (await update(name, wanted, signal)) updated += 1;
        }
      };
      await Promise.all(Array.from({ length: parallel }, work));
      if (updated > 0) log.info({ shoots: updated }, 'Updated the webhook configuration of shoots');
    },
  };
}

function refersTo({ spec }: ManagedResource, name: string): boolean {
  return spec?.secretRefs?.length === 1 && spec.secretRefs[0]?.name === name;
}

/** Nulls for the references to former Secrets: a merge patch removes them. */
function withoutReferences({ metadata }: ManagedResource): Record<string, null> {
  const keys = Object.keys(metadata.annotations ?? {});
  const references = keys.filter((key) => key.startsWith('reference.resources.gardener.cloud/secret-'));
  return Object.fromEntries(references.map((key) => [key, null]));
}
