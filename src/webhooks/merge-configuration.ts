import { isDeepStrictEqual } from 'node:util';
import type { OwnerReference } from '../kube/object.ts';
import type { WebhookConfiguration, WebhookEntry } from './registration.ts';

/**
 * What is there, with what is desired in it; the same object when nothing changes. Labels, annotations, owners and
 * fields of entries that are not ours stay; entries that are no longer desired go.
 */
export function mergeConfiguration(there: WebhookConfiguration, desired: WebhookConfiguration): WebhookConfiguration {
  const entries = new Map(there.webhooks?.map((entry) => [entry.name, entry]));
  const merged = {
    ...there,
    metadata: {
      ...there.metadata,
      labels: { ...there.metadata.labels, ...desired.metadata.labels },
      ...withOwners(there.metadata.ownerReferences, desired.metadata.ownerReferences),
    },
    webhooks: (desired.webhooks ?? []).map((entry) => mergeEntry(entries.get(entry.name), entry)),
  };
  return isDeepStrictEqual(merged, there) ? there : merged;
}

/** What is there, trusting this bundle in all its entries; the same object when nothing changes. */
export function mergeBundle(there: WebhookConfiguration, bundle: string): WebhookConfiguration {
  const caBundle = Buffer.from(bundle).toString('base64');
  const entries = there.webhooks ?? [];
  if (entries.every(({ clientConfig }) => clientConfig.caBundle === caBundle)) return there;
  return {
    ...there,
    webhooks: entries.map((entry) => ({ ...entry, clientConfig: { ...entry.clientConfig, caBundle } })),
  };
}

function mergeEntry(there: WebhookEntry | undefined, desired: WebhookEntry): WebhookEntry {
  const caBundle = desired.clientConfig.caBundle ?? there?.clientConfig.caBundle;
  return { ...there, ...desired, clientConfig: { ...desired.clientConfig, ...(caBundle && { caBundle }) } };
}

function withOwners(
  there: readonly OwnerReference[] = [],
  desired: readonly OwnerReference[] = [],
): { ownerReferences?: OwnerReference[] } {
  const isOurs = (other: OwnerReference) =>
    desired.some(({ kind, name }) => kind === other.kind && name === other.name);
  // There may be one controller only.
  const foreign = there
    .filter((owner) => !isOurs(owner))
    .map((owner) => (desired.length > 0 && owner.controller ? { ...owner, controller: false } : owner));
  const all = [...foreign, ...desired];
  return all.length > 0 ? { ownerReferences: all } : {};
}
