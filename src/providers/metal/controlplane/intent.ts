import { type ControlPlaneConfig, controlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import { type InfrastructureConfig, infrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import type { ControlPlaneContext } from '../../control-plane.ts';
import { OperationError } from '../../errors.ts';
import { endpointOf, partitionOf } from '../cloud-profile.ts';
import { decode } from '../decode.ts';
import { type Scope, scopeOf } from '../infrastructure/scope.ts';

/** What owner and operator have written, checked before anything is read. */
export interface Intent {
  readonly scope: Scope;
  readonly firewall: NonNullable<InfrastructureConfig['firewall']>;
  readonly controlPlane: ControlPlaneConfig;
  /** Base URL of metal-api. */
  readonly endpoint: string;
  readonly partition: ReturnType<typeof partitionOf>;
  /** Domain of the shoot. */
  readonly domain: string;
}

export function intentOf({ object, cluster }: ControlPlaneContext['operation']): Intent {
  const { shoot } = cluster.spec;
  const written = shoot.spec.provider?.infrastructureConfig;
  const infrastructure = decode(infrastructureConfig, written, "the Shoot's infrastructureConfig");
  const scope = scopeOf(infrastructure, cluster);
  const { domain } = shoot.spec.dns ?? {};
  if (!domain) throw new OperationError("cluster dns domain is not yet set: the Shoot's spec.dns.domain is needed");
  return {
    scope,
    firewall: infrastructure.firewall ?? {},
    controlPlane: decode(controlPlaneConfig, object.spec.providerConfig ?? {}, "the Shoot's controlPlaneConfig"),
    endpoint: endpointOf(cluster, scope.partitionID),
    partition: partitionOf(cluster, scope.partitionID),
    domain,
  };
}
