import { clusters } from '../apis/extensions/resources.ts';
import { firewallDeployments } from '../apis/firewall/firewall.ts';
import { SHOOT_FIREWALL } from '../apis/firewall/firewall-deployment.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';

/** What a seed has of a Shoot already. */
export interface LiveCluster {
  readonly shoot: GardenShoot;
  readonly cloudProfile: KubeObject | undefined;
  readonly seed: KubeObject | undefined;
  /** At metal-api; undefined as long as there is no firewall, which is connected to it. */
  readonly nodeNetworkID: string | undefined;
}

/** Undefined for a Shoot that the seed does not know. */
export async function readLive(
  seed: Pick<KubeClient, 'find'>,
  namespace: string,
  signal: AbortSignal,
): Promise<LiveCluster | undefined> {
  const [cluster, firewall] = await Promise.all([
    seed.find(clusters, { name: namespace }, { signal }),
    seed.find(firewallDeployments, { namespace, name: SHOOT_FIREWALL }, { signal }),
  ]);
  const spec = cluster?.spec as Omit<LiveCluster, 'nodeNetworkID'> | undefined;
  // The nodes' network comes last (metal-provider 3.4).
  return spec && { ...spec, nodeNetworkID: firewall?.spec?.template?.spec?.networks?.at(-1) };
}
