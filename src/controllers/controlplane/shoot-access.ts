import { all } from '../../kube/all.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { isAlreadyExists } from '../../kube/errors.ts';
import type { ObjectMeta } from '../../kube/object.ts';
import { type Secret, secrets } from '../../kube/secret.ts';

const labels = {
  'resources.gardener.cloud/purpose': 'token-requestor',
  'resources.gardener.cloud/class': 'shoot',
} as const;
const labelSelector = Object.entries(labels)
  .map(([key, value]) => `${key}=${value}`)
  .join(',');

/**
 * Makes the Secrets in which gardener-resource-manager keeps tokens for the shoot (gardener-contract 3.4). One list, and
 * no write when all are right. Their data are never touched: a token there is in use.
 */
export async function ensureShootAccess(
  client: Pick<KubeClient, 'list' | 'create' | 'mergePatch'>,
  namespace: string,
  components: readonly string[],
  options: CallOptions,
): Promise<void> {
  if (components.length === 0) return;
  const { items } = await client.list(secrets, { namespace, labelSelector, ...options });
  const there = new Map(items.map((item) => [item.metadata.name, item]));
  await all(
    components.map(async (component) => {
      const metadata = metadataOf(component);
      const found = there.get(metadata.name);
      if (found && isRight(found, metadata)) return;
      const made = !found && (await create(client, namespace, metadata, options));
      if (made) return;
      const { name, labels, annotations } = metadata;
      await client.mergePatch(secrets, { namespace, name }, { metadata: { labels, annotations } }, options);
    }),
  );
}

export async function deleteShootAccess(
  client: Pick<KubeClient, 'delete'>,
  namespace: string,
  components: readonly string[],
  options: CallOptions,
): Promise<void> {
  await all(components.map((component) => client.delete(secrets, { namespace, name: nameOf(component) }, options)));
}

/** False when one of that name exists, without the labels by which it would have been found. */
async function create(
  client: Pick<KubeClient, 'create'>,
  namespace: string,
  metadata: ObjectMeta,
  options: CallOptions,
): Promise<boolean> {
  try {
    await client.create(secrets, { metadata: { ...metadata, namespace }, type: 'Opaque' }, options);
    return true;
  } catch (error) {
    if (isAlreadyExists(error)) return false;
    throw error;
  }
}

const nameOf = (component: string) => `shoot-access-${component}`;

function metadataOf(component: string): ObjectMeta & { annotations: Record<string, string> } {
  return {
    name: nameOf(component),
    labels,
    annotations: {
      'serviceaccount.resources.gardener.cloud/name': component,
      'serviceaccount.resources.gardener.cloud/namespace': 'kube-system',
    },
  };
}

function isRight({ metadata }: Secret, { annotations }: { annotations: Record<string, string> }): boolean {
  return Object.entries(annotations).every(([key, value]) => metadata.annotations?.[key] === value);
}
