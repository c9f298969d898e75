import * as z from 'zod';
import { type Shoot, shoot } from '../../../apis/core/shoot.ts';
import { type ControlPlaneConfig, strictControlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import { type InfrastructureConfig, strictInfrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import type { FieldError } from '../../admission.ts';
import { SHOOT_EXTENT } from './extent.ts';
import { readProviderConfig, readStrictly } from './provider-config.ts';

export const INFRASTRUCTURE_CONFIG = 'spec.provider.infrastructureConfig';
export const CONTROL_PLANE_CONFIG = 'spec.provider.controlPlaneConfig';

const anyShoot = z.custom<Shoot>();

/** A Shoot with its configurations, as far as they can be read. */
export interface ShootView {
  readonly object: unknown;
  readonly shoot: Shoot | undefined;
  readonly infrastructure: InfrastructureConfig | undefined;
  readonly controlPlane: ControlPlaneConfig | undefined;
  /** What could not be read. */
  readonly errors: readonly FieldError[];
}

/** `isRead`: the schema has nothing to say any more. Never throws. */
export function viewShoot(object: unknown, isRead = false): ShootView {
  const read = readStrictly(isRead ? anyShoot : shoot, object, '', SHOOT_EXTENT);
  const provider = read.config?.spec.provider;
  const infrastructure = readProviderConfig(
    strictInfrastructureConfig,
    'InfrastructureConfig',
    provider?.infrastructureConfig,
    INFRASTRUCTURE_CONFIG,
  );
  const controlPlane = readProviderConfig(
    strictControlPlaneConfig,
    'ControlPlaneConfig',
    provider?.controlPlaneConfig,
    CONTROL_PLANE_CONFIG,
  );
  return {
    object,
    shoot: read.config,
    infrastructure: infrastructure.config,
    controlPlane: controlPlane.config,
    errors: [...read.errors, ...infrastructure.errors, ...controlPlane.errors],
  };
}

/** Workers make a Shoot; without any it is workerless, which has no infrastructure. */
export const isWorkerless = (object: Shoot): boolean => (object.spec.provider?.workers ?? []).length === 0;

/** Paths of what is given and could not be read; unknown fields are not meant. */
export function unreadParts({ shoot, infrastructure, controlPlane }: ShootView): string[] {
  if (shoot === undefined) return ['spec'];
  const provider = shoot.spec.provider;
  return [
    ...(infrastructure === undefined && provider?.infrastructureConfig != null ? [INFRASTRUCTURE_CONFIG] : []),
    ...(controlPlane === undefined && provider?.controlPlaneConfig != null ? [CONTROL_PLANE_CONFIG] : []),
  ];
}
