import { cloudProfile } from '../apis/core/cloud-profile.ts';
import { namespacedCloudProfile } from '../apis/core/namespaced-cloud-profile.ts';
import type { GardenSnapshot } from '../doctor/garden.ts';
import { listIfServed } from '../kube/list-if-served.ts';
import { keyOf } from '../kube/object.ts';
import type { GardenProfile, Unseen } from '../providers/doctor.ts';
import { tryTo } from '../providers/try-to.ts';
import { cloudProfiles, namespacedCloudProfiles } from '../webhooks/garden/resources.ts';
import { readAdmission } from './doctor-admission.ts';
import { readBindings } from './doctor-bindings.ts';
import type { Garden, GardenReader } from './doctor-lists.ts';

/** All but their Shoots. What cannot be read is missing, and told of. */
export async function readGardens({
  gardens,
  ...options
}: { readonly gardens: readonly Garden[] } & Pick<GardenReader, 'type' | 'doctor' | 'signal'>): Promise<{
  readonly snapshots: readonly GardenSnapshot[];
  readonly profiles: readonly GardenProfile[];
  readonly unseen: readonly Unseen[];
}> {
  const unseen: Unseen[] = [];
  const snapshots = await Promise.all(
    gardens.map(({ name, client }) => readGarden({ ...options, name, kube: client }, unseen)),
  );
  return { snapshots, profiles: snapshots.flatMap(({ profiles }) => profiles), unseen };
}

async function readGarden(reader: GardenReader, unseen: Unseen[]): Promise<GardenSnapshot> {
  const { name, signal } = reader;
  const attempt = <T>(what: string, look: () => Promise<T>) =>
    tryTo({ unseen, signal }, `${what} of garden ${name}`, look);
  const [profiles = [], bindings = [], admission] = await Promise.all([
    attempt('CloudProfiles', () => readProfiles(reader, unseen)),
    attempt('credentials', () => readBindings(reader)),
    attempt('admission', () => readAdmission(reader)),
  ]);
  return { name, profiles, bindings, admission };
}

/** Those of the type, and the NamespacedCloudProfiles that are made of them. */
async function readProfiles(reader: GardenReader, unseen: Unseen[]): Promise<readonly GardenProfile[]> {
  const { name: garden, type, kube, signal } = reader;
  const [plain, namespaced] = await Promise.all([
    listIfServed(kube, cloudProfiles, signal),
    listIfServed(kube, namespacedCloudProfiles, signal),
  ]);
  const refuse = (what: string): readonly GardenProfile[] => {
    unseen.push({ what: `${what} of garden ${garden}`, reason: 'is not what Gardener stores' });
    return [];
  };
  const profiles = plain
    .filter(({ spec }) => spec.type === type)
    .flatMap((object) => {
      const { name } = object.metadata;
      const { data } = cloudProfile.safeParse(object);
      return data ? { garden, name, spec: data.spec } : refuse(`CloudProfile ${name}`);
    });
  const names = new Set(profiles.map(({ name }) => name));
  const merged = namespaced
    .filter(({ spec }) => names.has(spec.parent.name))
    .flatMap((object) => {
      const { name, namespace } = object.metadata;
      const { data } = namespacedCloudProfile.safeParse(object);
      if (!data) return refuse(`NamespacedCloudProfile ${keyOf(object.metadata)}`);
      const spec = data.status?.cloudProfileSpec;
      return spec ? { garden, namespace, name, spec } : [];
    });
  return [...profiles, ...merged];
}
