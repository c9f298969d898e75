import type { Infrastructure } from '../../apis/extensions/infrastructure.ts';
import type { GardenShoot, ShootNetworkingStatus } from './garden-shoot.ts';

export const cloudProviderSecret = 'cloudprovider';

/** What gardenlet writes into an Infrastructure (gardener-contract 1.4); annotations come with the operation. */
export function infrastructureObject(
  namespace: string,
  shoot: GardenShoot,
  content: { readonly infrastructureConfig: unknown; readonly sshPublicKey?: string | undefined },
): Infrastructure {
  const { infrastructureConfig, sshPublicKey } = content;
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'Infrastructure',
    metadata: { name: shoot.metadata.name, namespace },
    spec: {
      type: shoot.spec.provider.type,
      region: shoot.spec.region,
      secretRef: { name: cloudProviderSecret, namespace },
      ...(sshPublicKey === undefined ? {} : { sshPublicKey }),
      ...(infrastructureConfig == null ? {} : { providerConfig: infrastructureConfig }),
    },
  };
}

/** What gardenlet takes over into status.networking of the Shoot: nodesCIDR first, then networking.nodes, each once. */
export function networkingStatus(status: Infrastructure['status'] = {}): ShootNetworkingStatus {
  const nodes = [...new Set([...(status.nodesCIDR ? [status.nodesCIDR] : []), ...(status.networking?.nodes ?? [])])];
  const lists = {
    nodes,
    services: status.networking?.services ?? [],
    pods: status.networking?.pods ?? [],
    egressCIDRs: status.egressCIDRs ?? [],
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}
