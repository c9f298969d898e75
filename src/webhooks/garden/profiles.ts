import type { CloudProfile } from '../../apis/core/cloud-profile.ts';
import type { Shoot } from '../../apis/core/shoot.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { createInformer } from '../../kube/informer.ts';
import type { Informer, Lister } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { cloudProfiles, namespacedCloudProfiles } from './resources.ts';

export interface ProfileOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Only profiles that carry it are kept. */
  readonly labelSelector: string;
}

/** The profiles that rules compare with. */
export interface Profiles {
  readonly informers: readonly Informer<never>[];
  cloudProfile(name: string, signal: AbortSignal): Promise<CloudProfile | undefined>;
  /** What the Shoot names: a CloudProfile, or the merged spec of a NamespacedCloudProfile in the Shoot's namespace. */
  ofShoot(shoot: Shoot, namespace: string | undefined, signal: AbortSignal): Promise<CloudProfile | undefined>;
}

/** Read from a cache; what is not there is asked for, because it may have been made a moment ago. */
export function createProfiles(options: ProfileOptions): Profiles {
  const { client } = options;
  const plain = createInformer({ ...options, resource: cloudProfiles, transform: slim });
  const namespaced = createInformer({ ...options, resource: namespacedCloudProfiles, transform: slim });

  const find = async <T extends KubeObject>(
    cache: Lister<T>,
    resource: Resource<T>,
    key: ObjectKey,
    signal: AbortSignal,
  ) => cache.get(keyOf(key)) ?? (await client.find(resource, key, { signal }));

  const cloudProfile = async (name: string, signal: AbortSignal) => {
    const found = await find(plain, cloudProfiles, { name }, signal);
    return found as CloudProfile | undefined;
  };
  // The same object again as long as nothing changes: rules remember what they have read of a profile.
  const merged = new WeakMap<object, CloudProfile>();

  return {
    informers: [plain, namespaced] as unknown as Informer<never>[],
    cloudProfile,
    async ofShoot(shoot, namespace, signal) {
      const reference = referenceOf(shoot);
      if (!reference) return undefined;
      if (reference.kind !== 'NamespacedCloudProfile') return cloudProfile(reference.name, signal);
      const key = { namespace, name: reference.name };
      const found = await find(namespaced, namespacedCloudProfiles, key, signal);
      const spec = found?.status?.cloudProfileSpec;
      if (!found || !spec) return undefined;
      const profile = merged.get(found) ?? { metadata: { ...found.metadata }, spec };
      merged.set(found, profile);
      return profile;
    },
  };
}

interface Reference {
  readonly kind: string;
  readonly name: string;
}

/** `spec.cloudProfile`, or the older `spec.cloudProfileName`. */
function referenceOf({ spec: { cloudProfile, cloudProfileName } }: Shoot): Reference | undefined {
  if (cloudProfile?.name) return { kind: cloudProfile.kind ?? 'CloudProfile', name: cloudProfile.name };
  return cloudProfileName ? { kind: 'CloudProfile', name: cloudProfileName } : undefined;
}

/** What no rule reads is not kept; annotations may hold the whole object a second time. */
function slim<T extends KubeObject>(object: T): T {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const metadata = Object.fromEntries(
    Object.entries({ name, namespace, uid, resourceVersion }).filter(([, value]) => value !== undefined),
  );
  return { ...object, metadata };
}
