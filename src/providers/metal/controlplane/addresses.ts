import { isIP } from 'node:net';
import { canonicalIP } from '../infrastructure/scope.ts';

/** The parts of `host:port`, `[IPv6]:port` among them; undefined when it is none. */
export function splitEndpoint(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^[\]]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (!host || port < 1 || port > 65_535 || (bracketed && isIP(bracketed) !== 6)) return undefined;
  return { host, port };
}

/** The CIDR that is this address alone; undefined when it is no IP address. */
export function hostCIDR(address: string): string | undefined {
  const canonical = canonicalIP(address);
  return canonical && `${canonical}/${isIP(canonical) === 4 ? 32 : 128}`;
}
