import type { ControlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import type { FieldError } from '../../admission.ts';
import { invalid, notSupported } from './field-errors.ts';
import type { PartitionPlane } from './profile.ts';

export const NETWORK_ACCESS_TYPES = ['baseline', 'forbidden', 'restricted'] as const;

/** Access to other networks that a ControlPlaneConfig asks for; it is optional, and so is every field of it. */
const networkAccessOf = (config: ControlPlaneConfig | undefined): string => config?.networkAccessType ?? 'baseline';

/** Load balancers get their addresses from a network that the firewall is connected to. */
export function externalNetworkErrors(
  config: ControlPlaneConfig,
  networks: readonly string[],
  root: string,
): FieldError[] {
  const network = config.cloudControllerManager?.defaultExternalNetwork;
  if (!network || networks.includes(network)) return [];
  return [notSupported(`${root}.cloudControllerManager.defaultExternalNetwork`, network, networks)];
}

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
