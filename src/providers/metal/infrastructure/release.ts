import type { MetalApi, MetalCallOptions } from '../metal-api/client.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import type { Ip, Network } from '../metal-api/types.ts';
import { CLUSTER_ID, isClusterTag, isMachineTag, isTagOf } from '../tags.ts';
import { networksOf } from './node-network.ts';
import type { Scope } from './scope.ts';

export type IpRelease =
  | { readonly kind: 'free'; readonly ip: Ip }
  /** `tags` are those that stay. */
  | { readonly kind: 'untag'; readonly ip: Ip; readonly tags: readonly string[] };

/**
 * What becomes of a project's IPs when a cluster goes. An ephemeral IP that only this cluster uses is freed. One that is
 * static, shared with another cluster, or held by a machine (which frees it) only loses this cluster's tags. All others
 * are left alone.
 */
export function planIpRelease(ips: readonly Ip[], { clusterID, projectID }: Scope): IpRelease[] {
  return ips
    .filter((ip) => ip.projectid === projectID && ip.tags.some((tag) => isTagOf(tag, clusterID)))
    .map((ip): IpRelease => {
      const wholly = ip.tags.every((tag) => !isClusterTag(tag) || isTagOf(tag, clusterID));
      const free = ip.type === 'ephemeral' && wholly && !ip.tags.some(isMachineTag);
      return free
        ? { kind: 'free', ip }
        : { kind: 'untag', ip, tags: ip.tags.filter((tag) => !isTagOf(tag, clusterID)) };
    });
}

/** One release that can be tried on its own. */
export interface Step {
  /** For people, e.g. `network 10.0.0.0/22`. */
  readonly what: string;
  run(): Promise<void>;
}

/** Every IP of the project that is this cluster's in whole or in part. */
export async function ipSteps(api: MetalApi, scope: Scope, options: MetalCallOptions): Promise<Step[]> {
  const ips = await api.findIPs({ projectid: scope.projectID }, options);
  return planIpRelease(ips, scope).map((release) => ({
    what: `ip ${release.ip.ipaddress}`,
    run: () => releaseIp(api, release, options),
  }));
}

async function releaseIp(api: MetalApi, release: IpRelease, options: MetalCallOptions): Promise<void> {
  const { ipaddress, type } = release.ip;
  if (release.kind === 'free') return api.freeIP(ipaddress, options);
  try {
    await api.updateIP({ ipaddress, type, tags: release.tags }, options);
  } catch (error) {
    if (!isMetalApiError(error, 'not-found')) throw error;
  }
}

/** Every network of the project that carries this cluster's label; a user-given network does not. */
export async function networkSteps(api: MetalApi, scope: Scope, options: MetalCallOptions): Promise<Step[]> {
  const { projectID, clusterID } = scope;
  const found: Network[] = await api.findNetworks(
    { projectid: projectID, labels: { [CLUSTER_ID]: clusterID } },
    options,
  );
  return networksOf(found, scope).map((network) => ({
    what: `network ${network.prefixes.join(', ') || network.id}`,
    run: () => api.freeNetwork(network.id, options),
  }));
}
