import { cloudProfileConfig, type MetalControlPlane } from '../../../apis/metal/cloud-profile-config.ts';
import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { Finding, GardenProfile } from '../../doctor.ts';
import { lifecycleOf } from '../admission/machine-image-lifecycle.ts';
import { type Catalogue, hasImage } from './catalogue.ts';

/** What a CloudProfile offers of one installation of metal-stack. */
export interface Offer {
  readonly profile: GardenProfile;
  readonly plane: MetalControlPlane;
}

export interface ReadOffer extends Offer {
  readonly catalogue: Catalogue;
}

/** None of a profile whose configuration cannot be read: the admission says what is wrong with it. */
export function offersOf(profiles: readonly GardenProfile[]): readonly Offer[] {
  return profiles.flatMap((profile) => {
    const { data } = cloudProfileConfig.safeParse(profile.spec.providerConfig);
    return Object.values(data?.metalControlPlanes ?? {}).map((plane) => ({ profile, plane }));
  });
}

/** What profiles offer and nobody has. What a NamespacedCloudProfile has of its parent is told of the parent, which comes first. */
export function profileFindings(
  profiles: readonly GardenProfile[],
  offers: readonly ReadOffer[],
  config: ControllerConfiguration | undefined,
  now: number,
): readonly Finding[] {
  const found = [
    ...profiles.flatMap((profile) => unconfiguredFindings(profile, config, now)),
    ...offers.flatMap((offer) => offerFindings(offer, config, now)),
  ];
  const first = new Map(found.toReversed().map((finding) => [`${finding.garden} ${finding.message}`, finding]));
  return found.filter((finding) => first.get(`${finding.garden} ${finding.message}`) === finding);
}

const nameOf = ({ namespace, name }: GardenProfile): string =>
  namespace === undefined ? `CloudProfile ${name}` : `NamespacedCloudProfile ${namespace}/${name}`;

/** What the profile offers, and metal-api does not have: a Shoot with it gets no machine or no firewall. */
function offerFindings(
  { profile, plane, catalogue }: ReadOffer,
  config: ControllerConfiguration | undefined,
  now: number,
): readonly Finding[] {
  const { garden, spec } = profile;
  const tell = (kind: string, message: string): Finding => ({
    ...{ severity: 'warning', kind, object: nameOf(profile), garden, cluster: '' },
    message: `offers ${message} at ${plane.endpoint}`,
    advice: 'Take it out of the CloudProfile, or make it at metal-api',
  });
  const types = (spec.machineTypes ?? []).filter(({ usable }) => usable !== false).map((type) => type.name);
  const firewallTypes = Object.values(plane.partitions ?? {}).flatMap((partition) => partition.firewallTypes ?? []);
  const sizes = [...new Set([...types, ...firewallTypes])].filter((size) => !catalogue.sizes.includes(size));
  const walls = (plane.firewallImages ?? []).filter((image) => !hasImage(catalogue, image));
  return [
    ...sizes.map((size) => tell('MachineTypeNotAtMetalApi', `the machine type ${size}, which is no size`)),
    ...walls.map((image) => tell('FirewallImageNotAtMetalApi', `the firewall image ${image}, which is no image`)),
    ...machineImages(profile, config, now).flatMap(({ image, id }) =>
      id === undefined || hasImage(catalogue, id)
        ? []
        : tell('MachineImageNotAtMetalApi', `the image ${image}, and ${id} is no image`),
    ),
  ];
}

/** Images that the profile offers, and the extension does not know. Nothing is said without the operator's file. */
function unconfiguredFindings(
  profile: GardenProfile,
  config: ControllerConfiguration | undefined,
  now: number,
): readonly Finding[] {
  return machineImages(profile, config, now)
    .filter(({ id }) => id === undefined)
    .map(({ image }) => ({
      ...{ severity: 'warning', kind: 'MachineImageNotConfigured', object: nameOf(profile) },
      ...{ garden: profile.garden, cluster: '' },
      message: `offers the image ${image}, which the ControllerConfiguration does not have`,
      advice: 'Add it to machineImages, or take it out of the CloudProfile',
    }));
}

/** Images that a Shoot may have now, and what they are at metal-api. */
function machineImages({ spec }: GardenProfile, config: ControllerConfiguration | undefined, now: number) {
  if (!config) return [];
  const known = config.machineImages ?? [];
  return (spec.machineImages ?? []).flatMap(({ name, versions }) =>
    (versions ?? [])
      .filter((version) => lifecycleOf(version, now).classification !== 'expired')
      .map(({ version }) => ({
        image: `${name}/${version}`,
        id: known.find((each) => each.name === name && each.version === version)?.image,
      })),
  );
}
