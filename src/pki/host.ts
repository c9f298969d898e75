import { isIPv6 } from 'node:net';

/** An IPv6 address in its shortest form, and without decimals for an IPv4 one in it; any other host as it is. */
export function canonicalHost(host: string): string {
  return isIPv6(host) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host;
}
