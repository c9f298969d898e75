import type { MetalControlPlane } from '../../../apis/metal/cloud-profile-config.ts';
import { configurationProblem } from '../errors.ts';
import { canonicalIP } from '../infrastructure/scope.ts';
import type { NetworkAccess, NetworkIsolation } from './model.ts';

type Partition = NonNullable<MetalControlPlane['partitions']>[string];

/** A value that is not known, the empty one included, means restricted: the Go extension does so, and never refuses it. */
export function networkAccessOf(type = 'baseline'): NetworkAccess {
  return type === 'baseline' || type === 'forbidden' ? type : 'restricted';
}

/** What the partition offers to an isolated cluster; throws when that is not enough to run one. */
export function isolationOf(
  access: NetworkAccess,
  partitionID: string,
  { networkIsolation }: Partition,
): NetworkIsolation | undefined {
  if (access === 'baseline') return undefined;
  if (!networkIsolation) {
    throw configurationProblem(
      `cluster-isolation is not supported in partition "${partitionID}": its networkIsolation in the cloud profile config is not set`,
    );
  }
  const { dnsServers = [], ntpServers = [], registryMirrors = [], allowedNetworks = {} } = networkIsolation;
  const faults: string[] = [];
  const address = (text: string, field: string): string => {
    const canonical = canonicalIP(text);
    if (!canonical) faults.push(`${field}: ${JSON.stringify(text)} is not an IP address`);
    return canonical ?? '';
  };
  if (dnsServers.length === 0) faults.push('no dns configured in dnsServers');
  if (ntpServers.length === 0) faults.push('no ntp configured in ntpServers');
  const isolation: NetworkIsolation = {
    dnsServers: dnsServers.map((text) => address(text, 'dnsServers')),
    ntpServers: ntpServers.map((text) => address(text, 'ntpServers')),
    registryMirrors: registryMirrors.map(({ name = '', ip = '', port = 0 }) => {
      if (port < 1 || port > 65_535) faults.push(`registryMirrors: ${port} of ${JSON.stringify(name)} is not a port`);
      return { name, ip: address(ip, 'registryMirrors'), port };
    }),
    allowedNetworks: { ingress: allowedNetworks.ingress ?? [], egress: allowedNetworks.egress ?? [] },
  };
  if (faults.length === 0) return isolation;
  throw configurationProblem(
    `networkIsolation of partition "${partitionID}" in the cloud profile config is invalid: ${faults.join('; ')}`,
  );
}
