import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import type { GardenShoot } from './garden-shoot.ts';
import { cloudProviderSecret } from './infrastructure.ts';

/** What gardenlet writes into a ControlPlane (gardener-contract 1.4). */
export function controlPlaneObject(
  namespace: string,
  shoot: GardenShoot,
  infrastructureProviderStatus: unknown,
): ControlPlane {
  const { type, controlPlaneConfig } = shoot.spec.provider;
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'ControlPlane',
    metadata: { name: shoot.metadata.name, namespace },
    spec: {
      type,
      region: shoot.spec.region,
      secretRef: { name: cloudProviderSecret, namespace },
      ...(infrastructureProviderStatus == null ? {} : { infrastructureProviderStatus }),
      ...(controlPlaneConfig == null ? {} : { providerConfig: controlPlaneConfig }),
    },
  };
}
