import * as z from 'zod';
import { cloudProfile } from '../apis/core/cloud-profile.ts';
import type { Finding, GardenProfile } from '../providers/doctor.ts';
import { endOf } from './expiry.ts';
import { clusterOf, type GardenShoot } from './garden-shoot.ts';
import { imageFinding } from './images.ts';

const version = cloudProfile.shape.spec.shape.machineImages.unwrap().unwrap().element.shape.versions.unwrap().unwrap();
const kubernetes = z.looseObject({ kubernetes: z.looseObject({ versions: version.nullish() }).nullish() });

/**
 * Versions in use that their CloudProfile has no more, or not for long. `isSeen`: the seed of the Shoot was looked at, and
 * has said what images its pools have.
 */
export function versionFindings(
  shoot: GardenShoot,
  profiles: readonly GardenProfile[],
  isSeen: boolean,
  now: number,
): readonly Finding[] {
  const profile = profileOf(shoot, profiles);
  if (!profile || shoot.metadata.deletionTimestamp) return [];
  const workers = isSeen ? [] : (shoot.spec.provider?.workers ?? []);
  const images = workers.flatMap(({ name, machine }) => {
    const image = { pool: name ?? '', name: machine?.image?.name ?? '', version: machine?.image?.version ?? '' };
    return image.name && image.version ? imageFinding(image, profile.spec.machineImages, now) : [];
  });
  const cluster = clusterOf(shoot);
  return [...images, ...kubernetesFindings(shoot, profile, now)].map((told) => ({ ...told, cluster }));
}

function kubernetesFindings(
  { metadata, spec }: GardenShoot,
  { spec: profile }: GardenProfile,
  now: number,
): readonly Omit<Finding, 'cluster'>[] {
  const used = spec.kubernetes?.version;
  const offered = kubernetes.safeParse(profile).data?.kubernetes?.versions ?? [];
  const found = offered.find((each) => each.version === used);
  const end = found && endOf(found, now);
  if (!end) return [];
  return [
    {
      ...{ severity: 'warning', kind: 'KubernetesVersionExpires', object: `Shoot ${metadata.name}` },
      message: `has Kubernetes ${used}, which ${end}`,
      advice: 'Update the Shoot; in its maintenance window Gardener does it once the version has expired',
    },
  ];
}

function profileOf({ metadata, spec }: GardenShoot, profiles: readonly GardenProfile[]): GardenProfile | undefined {
  const { kind, name } = spec.cloudProfile ?? { kind: 'CloudProfile', name: spec.cloudProfileName };
  const namespace = kind === 'NamespacedCloudProfile' ? metadata.namespace : undefined;
  return profiles.find((profile) => profile.name === name && profile.namespace === namespace);
}
