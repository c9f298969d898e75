import { isIP } from 'node:net';
import type { MetalControlPlane } from '../../../apis/metal/cloud-profile-config.ts';
import type { FieldError } from '../../admission.ts';
import { isCIDR, isHTTPURL } from './addresses.ts';
import { indexed, invalid, required } from './field-errors.ts';

type Partition = NonNullable<MetalControlPlane['partitions']>[string];
export type NetworkIsolation = NonNullable<Partition['networkIsolation']>;
type Mirror = NonNullable<NetworkIsolation['registryMirrors']>[number];

/** A resolver reads three name servers and no more. */
const MOST_DNS_SERVERS = 3;

/** What an isolated cluster must be able to reach has to be said in full (metal-provider 1.9). */
export function networkIsolationErrors(isolation: NetworkIsolation, root: string): FieldError[] {
  const { dnsServers = [], ntpServers = [], allowedNetworks = {}, registryMirrors = [] } = isolation;
  const tooMany: FieldError = {
    type: 'TooMany',
    field: `${root}.dnsServers`,
    value: dnsServers.length,
    detail: `at most ${MOST_DNS_SERVERS} name servers are allowed`,
  };
  return [
    ...(dnsServers.length > MOST_DNS_SERVERS ? [tooMany] : []),
    ...listErrors(dnsServers, `${root}.dnsServers`, addressErrors),
    ...listErrors(ntpServers, `${root}.ntpServers`, addressErrors),
    ...listErrors(allowedNetworks.egress ?? [], `${root}.allowedNetworks.egress`, cidrErrors),
    ...listErrors(allowedNetworks.ingress ?? [], `${root}.allowedNetworks.ingress`, cidrErrors),
    ...listErrors(registryMirrors, `${root}.registryMirrors`, mirrorErrors),
  ];
}

function listErrors<T>(
  list: readonly T[],
  root: string,
  check: (entry: T, field: string) => FieldError[],
): FieldError[] {
  if (list.length === 0) return [required(root, 'must not be empty')];
  return list.flatMap((entry, index) => check(entry, indexed(root, index)));
}

const addressErrors = (address: string, field: string): FieldError[] =>
  isIP(address) ? [] : [invalid(field, address, 'must be an IP address')];

const cidrErrors = (cidr: string, field: string): FieldError[] =>
  isCIDR(cidr) ? [] : [invalid(field, cidr, 'must be a CIDR')];

function mirrorErrors(mirror: Mirror, field: string): FieldError[] {
  const { name, endpoint = '', ip = '', port, mirrorOf = [] } = mirror;
  return [
    ...(name ? [] : [required(`${field}.name`, 'a mirror must have a name')]),
    ...(isHTTPURL(endpoint)
      ? []
      : [invalid(`${field}.endpoint`, endpoint, 'must be a URL with the scheme http or https')]),
    ...addressErrors(ip, `${field}.ip`),
    ...(port !== undefined && port > 0 && port <= 65_535
      ? []
      : [invalid(`${field}.port`, port, 'must be between 1 and 65535')]),
    ...listErrors(mirrorOf, `${field}.mirrorOf`, registryErrors),
  ];
}

function registryErrors(registry: string, field: string): FieldError[] {
  if (registry === '') return [required(field, 'must not be empty')];
  return isRegistry(registry) ? [] : [invalid(field, registry, 'must be the host of a registry, for example ghcr.io')];
}

/** A host, with a port or without, and nothing else. */
function isRegistry(text: string): boolean {
  const url = URL.parse(`https://${text}/`);
  // URL leaves the default port out.
  return url !== null && [url.host, `${url.host}:443`].includes(text.toLowerCase());
}
