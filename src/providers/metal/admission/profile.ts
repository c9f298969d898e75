import {
  type CloudProfile,
  cloudProfile,
  type MachineImageVersion,
  type MachineType,
} from '../../../apis/core/cloud-profile.ts';
import {
  type CloudProfileConfig,
  cloudProfileConfig,
  type MetalControlPlane,
} from '../../../apis/metal/cloud-profile-config.ts';
import { PROFILE_EXTENT } from './extent.ts';
import { readStrictly } from './provider-config.ts';

type Spec = CloudProfile['spec'];

/** A CloudProfile, read once for many Shoots. */
export interface Profile {
  readonly regions: NonNullable<Spec['regions']>;
  readonly images: ReadonlyMap<string, readonly MachineImageVersion[]>;
  readonly types: ReadonlyMap<string, MachineType>;
  readonly capabilities: NonNullable<Spec['machineCapabilities']>;
  /** Undefined when the profile has none, or one that cannot be read. */
  readonly config: CloudProfileConfig | undefined;
}

/** What serves a partition. */
export interface PartitionPlane {
  readonly name: string;
  readonly plane: MetalControlPlane;
  readonly partition: NonNullable<MetalControlPlane['partitions']>[string];
}

/** Reads a CloudProfile as controllers do: what is unknown is passed over. Undefined when it is no CloudProfile. */
export function readProfile(object: unknown): Profile | undefined {
  const { config: profile } = readStrictly(cloudProfile, object, '', PROFILE_EXTENT);
  if (!profile) return undefined;
  const { spec } = profile;
  return {
    regions: spec.regions ?? [],
    images: new Map((spec.machineImages ?? []).map(({ name, versions }) => [name, versions ?? []])),
    types: new Map((spec.machineTypes ?? []).map((type) => [type.name, type])),
    capabilities: spec.machineCapabilities ?? [],
    config: readStrictly(cloudProfileConfig, spec.providerConfig ?? undefined, '').config,
  };
}

/** `readProfile` that remembers: profiles change seldom, and an informer's objects are not written to. */
export function createProfileReader(): (object: CloudProfile | undefined) => Profile | undefined {
  const known = new WeakMap<object, { readonly profile: Profile | undefined }>();
  return (object) => {
    if (typeof object !== 'object' || object === null) return undefined;
    const hit = known.get(object);
    if (hit) return hit.profile;
    const profile = readProfile(object);
    known.set(object, { profile });
    return profile;
  };
}

/** The control planes that list a partition; a sound profile has one. */
export function planesOf(config: CloudProfileConfig | undefined, partitionID: string): PartitionPlane[] {
  return Object.entries(config?.metalControlPlanes ?? {}).flatMap(([name, plane]) => {
    const partitions = plane.partitions ?? {};
    const partition = Object.hasOwn(partitions, partitionID) ? partitions[partitionID] : undefined;
    return partition ? [{ name, plane, partition }] : [];
  });
}

/** The one control plane that serves a partition. */
export function planeOf(profile: Profile | undefined, partitionID: string | undefined): PartitionPlane | undefined {
  const [only, ...others] = planesOf(profile?.config, partitionID ?? '');
  return others.length === 0 ? only : undefined;
}
