import { FIREWALL_SIZE, PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import type { TestShootOptions } from './shoot.ts';

export interface MetalShootOptions {
  /** Base URL of metal-api. */
  readonly endpoint: string;
  readonly hmac?: string;
  readonly egressIPs?: readonly string[];
  readonly forceDelete?: boolean;
}

const group = 'metal.provider.extensions.gardener.cloud/v1alpha1';

/** A Shoot in the first partition of the simulated metal-api. */
export function metalShoot(options: MetalShootOptions): TestShootOptions {
  const { endpoint, egressIPs = [] } = options;
  return {
    type: 'metal',
    ...(options.forceDelete ? { forceDelete: true } : {}),
    credentials: { metalAPIHMac: options.hmac ?? 'metal-admin' },
    cloudProfileConfig: {
      apiVersion: group,
      kind: 'CloudProfileConfig',
      metalControlPlanes: { local: { endpoint, partitions: { [PARTITION]: { firewallTypes: [FIREWALL_SIZE] } } } },
    },
    providerConfig: {
      apiVersion: group,
      kind: 'InfrastructureConfig',
      partitionID: PARTITION,
      projectID: PROJECT,
      firewall: {
        size: FIREWALL_SIZE,
        image: 'firewall-ubuntu-3.0',
        networks: ['internet'],
        ...(egressIPs.length > 0 ? { egressRules: [{ networkID: 'internet', ips: egressIPs }] } : {}),
      },
    },
  };
}
