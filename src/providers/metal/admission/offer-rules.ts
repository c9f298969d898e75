import type { InfrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import type { FieldError } from '../../admission.ts';
import { controllerVersionFor, isAutomatic } from '../controller-version.ts';
import { invalid, notSupported, required } from './field-errors.ts';
import { type PartitionPlane, type Profile, planesOf } from './profile.ts';

/** An InfrastructureConfig against what the CloudProfile offers in the Shoot's region (metal-provider 1.9). */
export function offerErrors(
  config: InfrastructureConfig,
  region: string | undefined,
  profile: Profile,
  root: string,
): FieldError[] {
  const { partitionID } = config;
  if (!partitionID) return [];
  const planes = planesOf(profile.config, partitionID);
  const [served, ...others] = planes;
  const zoneErrors = partitionErrors(partitionID, region, profile, `${root}.partitionID`);
  if (!served) {
    const unknown = 'no metal control plane of the CloudProfile serves this partition';
    // A profile without a configuration is a fault of its own.
    return zoneErrors.length > 0 || !profile.config
      ? zoneErrors
      : [invalid(`${root}.partitionID`, partitionID, unknown)];
  }
  if (others.length > 0) {
    const names = planes.map(({ name }) => name).join(', ');
    const ambiguous = `is listed in several metal control planes of the CloudProfile: ${names}`;
    return [...zoneErrors, invalid(`${root}.partitionID`, partitionID, ambiguous)];
  }
  return [...zoneErrors, ...firewallErrors(config.firewall ?? {}, served, `${root}.firewall`)];
}

function partitionErrors(
  partitionID: string,
  region: string | undefined,
  profile: Profile,
  field: string,
): FieldError[] {
  // A region that the profile does not have is Gardener's to refuse.
  const zones = profile.regions.find(({ name }) => name === region)?.zones?.map(({ name }) => name);
  if (!zones || zones.includes(partitionID)) return [];
  return [notSupported(field, partitionID, zones.toSorted())];
}

function firewallErrors(
  firewall: NonNullable<InfrastructureConfig['firewall']>,
  { plane, partition }: PartitionPlane,
  root: string,
): FieldError[] {
  return [
    ...offeredErrors(firewall.image, plane.firewallImages, `${root}.image`),
    ...offeredErrors(firewall.size, partition.firewallTypes, `${root}.size`),
    ...controllerVersionErrors(firewall.controllerVersion, plane, `${root}.controllerVersion`),
  ];
}

/** Exactly one of the list; a list without entries allows everything. */
function offeredErrors(value: string | undefined, offered: readonly string[] | undefined, field: string): FieldError[] {
  if (!value || !offered || offered.length === 0 || offered.includes(value)) return [];
  return [notSupported(field, value, offered.toSorted())];
}

function controllerVersionErrors(
  wanted: string | undefined,
  plane: PartitionPlane['plane'],
  field: string,
): FieldError[] {
  const available = plane.firewallControllerVersions ?? [];
  if (controllerVersionFor(available, wanted)) return [];
  const versions = available.flatMap(({ version }) => version ?? []);
  if (!isAutomatic(wanted)) return [notSupported(field, wanted ?? '', ['auto', ...versions])];
  return [required(field, `the CloudProfile has no supported version to choose; name one of [${versions.join(', ')}]`)];
}
