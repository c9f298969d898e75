import type { MachineAllocate } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import type { ProviderSpec } from './provider-spec.ts';

/** What a worker is ordered with (metal-components E.3, I.5). The kubelet takes the hostname for the Node's name. */
export function orderOf(spec: ProviderSpec, name: string, userData: string): MachineAllocate {
  const { dnsServers, ntpServers } = spec;
  return {
    projectid: spec.project,
    partitionid: spec.partition,
    sizeid: spec.size,
    imageid: spec.image,
    name,
    hostname: name,
    description: `${name} created by Gardener.`,
    networks: [{ networkid: spec.network, autoacquire: true }],
    ssh_pub_keys: spec.sshKeys,
    tags: spec.tags,
    placement_tags: [`${CLUSTER_ID}=${spec.clusterID}`],
    user_data: userData.trim(),
    ...(dnsServers.length > 0 ? { dns_servers: dnsServers } : {}),
    ...(ntpServers.length > 0 ? { ntp_servers: ntpServers } : {}),
  };
}
