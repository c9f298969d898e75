import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { OperatingSystemConfigFile } from '../../../apis/extensions/operating-system-config.ts';
import { controlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import { METAL_API_VERSION } from '../../../apis/metal/group.ts';
import { infrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import { partitionOf } from '../cloud-profile.ts';
import { networkAccessOf } from '../controlplane/network-access.ts';
import { decode } from '../decode.ts';

/** Machines of today get their DNS and NTP servers with their allocation; older nodes have them from these files. */
const serverFiles = ['/etc/systemd/resolved.conf.d/dns.conf', '/etc/resolv.conf', '/etc/systemd/timesyncd.conf'];

/**
 * What os-metal reads from an OperatingSystemConfig in a Shoot that is isolated from the internet; undefined for others.
 * It replaces a machine image's own provider configuration. Throws OperationError when the configurations do not fit.
 */
export function imageProviderConfig(
  cluster: Cluster,
  present: readonly OperatingSystemConfigFile[],
): object | undefined {
  const { provider } = cluster.spec.shoot.spec;
  if (provider?.controlPlaneConfig == null) return undefined;
  const { networkAccessType } = decode(
    controlPlaneConfig,
    provider.controlPlaneConfig,
    "the Shoot's controlPlaneConfig",
  );
  if (networkAccessOf(networkAccessType) === 'baseline') return undefined;
  const infrastructure = decode(
    infrastructureConfig,
    provider.infrastructureConfig,
    "the Shoot's infrastructureConfig",
  );
  const isolation = partitionOf(cluster, infrastructure.partitionID ?? '').networkIsolation;
  if (!isolation) return undefined;
  const { allowedNetworks, registryMirrors, dnsServers, ntpServers } = isolation;
  const needsServers = present.some(({ path }) => serverFiles.includes(path));
  const networkIsolation = {
    allowedNetworks: { ingress: allowedNetworks?.ingress ?? [], egress: allowedNetworks?.egress ?? [] },
    registryMirrors: registryMirrors ?? [],
    ...(needsServers && { dnsServers: dnsServers ?? [], ntpServers: ntpServers ?? [] }),
  };
  return { apiVersion: METAL_API_VERSION, kind: 'ImageProviderConfig', networkIsolation };
}
