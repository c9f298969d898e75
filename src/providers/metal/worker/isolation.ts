import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { MetalControlPlane } from '../../../apis/metal/cloud-profile-config.ts';
import { controlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import type { NetworkIsolation } from '../controlplane/model.ts';
import { isolationOf, networkAccessOf } from '../controlplane/network-access.ts';
import { decode } from '../decode.ts';
import { configurationProblem } from '../errors.ts';

/** What an isolated cluster reaches beyond its own network. */
export interface Isolation extends Pick<NetworkIsolation, 'dnsServers' | 'ntpServers'> {
  /** What the firewall is restricted to; undefined when it is not. */
  readonly allowedNetworks: NetworkIsolation['allowedNetworks'] | undefined;
}

/** Undefined for a cluster that reaches everything (metal-provider 1.3, 3.4). */
export function isolationIn(cluster: Cluster, plane: MetalControlPlane, partitionID: string): Isolation | undefined {
  const config = cluster.spec.shoot.spec.provider?.controlPlaneConfig ?? {};
  const access = networkAccessOf(
    decode(controlPlaneConfig, config, "the Shoot's controlPlaneConfig").networkAccessType,
  );
  const isolation = isolationOf(access, partitionID, plane.partitions?.[partitionID] ?? {});
  if (!isolation) return undefined;
  const { dnsServers, ntpServers, allowedNetworks } = isolation;
  if (access !== 'forbidden') return { dnsServers, ntpServers, allowedNetworks: undefined };
  if (allowedNetworks.egress.length > 0) return { dnsServers, ntpServers, allowedNetworks };
  throw configurationProblem(
    `control plane with network access forbidden requires partition "${partitionID}" to have ` +
      'networkIsolation.allowedNetworks: the operator must set it in the CloudProfile',
  );
}
