import type { ControlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import type { FieldError } from '../../admission.ts';
import { invalid, notSupported } from './field-errors.ts';
import type { PartitionPlane } from './profile.ts';

export const NETWORK_ACCESS_TYPES = ['baseline', 'forbidden', 'restricted'] as const;

/** Access to other networks that a ControlPlaneConfig asks for; it is optional, and so is every field of it. */
export const networkAccessOf = (config: ControlPlaneConfig | undefined): string =>
  config?.networkAccessType ?? 'baseline';

/** `served` is undefined where the partition is unknown: that is said elsewhere. */
export function controlPlaneErrors(
  config: ControlPlaneConfig,
  served: PartitionPlane | undefined,
  root: string,
): FieldError[] {
  const field = `${root}.networkAccessType`;
  const access = networkAccessOf(config);
  if (!NETWORK_ACCESS_TYPES.some((type) => type === access)) {
    return [notSupported(field, access, NETWORK_ACCESS_TYPES)];
  }
  if (access === 'baseline' || !served || served.partition.networkIsolation) return [];
  const reason =
    'the CloudProfile has no networkIsolation for the partition of this Shoot; supported values: [baseline]';
  return [invalid(field, access, reason)];
}
