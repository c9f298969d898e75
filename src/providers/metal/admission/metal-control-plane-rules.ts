import type { CloudProfileConfig, MetalControlPlane } from '../../../apis/metal/cloud-profile-config.ts';
import type { FieldError } from '../../admission.ts';
import { controllerVersionFor } from '../controller-version.ts';
import { isHTTPURL } from './addresses.ts';
import { duplicate, indexed, invalid, keyed, notSupported, required } from './field-errors.ts';
import { networkIsolationErrors } from './network-isolation-rules.ts';

const CLASSIFICATIONS = ['deprecated', 'preview', 'supported'];

/** Control planes of a CloudProfileConfig; `zones` are those of all regions (metal-provider 1.9). */
export function metalControlPlaneErrors(
  config: CloudProfileConfig,
  zones: readonly string[],
  root: string,
): FieldError[] {
  const known = new Set(zones.toSorted());
  const servedBy = new Map<string, string>();
  return Object.entries(config.metalControlPlanes ?? {}).flatMap(([name, plane]) => {
    const field = keyed(`${root}.metalControlPlanes`, name);
    return [
      ...endpointErrors(plane.endpoint, `${field}.endpoint`),
      ...versionErrors(plane.firewallControllerVersions ?? [], `${field}.firewallControllerVersions`),
      ...emptyErrors(plane.firewallImages ?? [], `${field}.firewallImages`),
      ...urlErrors(plane.nftablesExporter?.url, `${field}.nftablesExporter.url`),
      ...partitionErrors(name, plane, known, servedBy, `${field}.partitions`),
    ];
  });
}

function endpointErrors(endpoint: string | undefined, field: string): FieldError[] {
  if (!endpoint) return [required(field, 'the URL of metal-api must be given, without /v1')];
  const url = URL.parse(endpoint);
  if (url?.username || url?.password) return [{ type: 'Invalid', field, detail: 'must not contain credentials' }];
  return urlErrors(endpoint, field);
}

function urlErrors(url: string | undefined, field: string): FieldError[] {
  return !url || isHTTPURL(url) ? [] : [invalid(field, url, 'must be a URL with the scheme http or https')];
}

function versionErrors(
  versions: NonNullable<MetalControlPlane['firewallControllerVersions']>,
  root: string,
): FieldError[] {
  const seen = new Set<string>();
  return versions.flatMap(({ version, url, classification }, index) => {
    const field = indexed(root, index);
    const again = version !== undefined && seen.has(version);
    seen.add(version ?? '');
    return [
      ...(version ? [] : [required(`${field}.version`, 'a version must be given')]),
      ...(again && version ? [duplicate(`${field}.version`, version, 'is given more than once')] : []),
      ...(classification === undefined || CLASSIFICATIONS.includes(classification)
        ? []
        : [notSupported(`${field}.classification`, classification, CLASSIFICATIONS)]),
      ...urlErrors(url, `${field}.url`),
    ];
  });
}

function emptyErrors(names: readonly string[], root: string): FieldError[] {
  return names.flatMap((name, index) => (name === '' ? [required(indexed(root, index), 'must not be empty')] : []));
}

function partitionErrors(
  planeName: string,
  plane: MetalControlPlane,
  zones: ReadonlySet<string>,
  servedBy: Map<string, string>,
  root: string,
): FieldError[] {
  const supported = [...zones];
  return Object.entries(plane.partitions ?? {}).flatMap(([partitionID, partition]) => {
    const field = keyed(root, partitionID);
    const other = servedBy.get(partitionID);
    servedBy.set(partitionID, other ?? planeName);
    return [
      ...(zones.has(partitionID) ? [] : [notSupported(field, partitionID, supported)]),
      ...(other === undefined
        ? []
        : [duplicate(field, partitionID, `is listed in the control plane ${other} already`)]),
      ...emptyErrors(partition.firewallTypes ?? [], `${field}.firewallTypes`),
      ...(partition.networkIsolation
        ? networkIsolationErrors(partition.networkIsolation, `${field}.networkIsolation`)
        : []),
    ];
  });
}

/** Shoots that leave the version to the profile would be refused. */
export function metalControlPlaneWarnings(config: CloudProfileConfig, root: string): string[] {
  return Object.entries(config.metalControlPlanes ?? {})
    .filter(([, plane]) => controllerVersionFor(plane.firewallControllerVersions, 'auto') === undefined)
    .map(
      ([name]) =>
        `${keyed(`${root}.metalControlPlanes`, name)}.firewallControllerVersions: none is classified as supported, so ` +
        'every Shoot must name its firewall.controllerVersion',
    );
}
