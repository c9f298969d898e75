import { isIP } from 'node:net';
import { containsCidr, overlapCidr, parseCidr } from 'cidr-tools';
import { parseIp, stringifyIp } from 'ip-bigint';

export type AddressFamily = 'IPv4' | 'IPv6';

export interface Prefix {
  /** Canonical text: host bits zero, IPv6 compressed. */
  readonly cidr: string;
  readonly family: AddressFamily;
  readonly first: bigint;
  readonly last: bigint;
  readonly length: number;
}

export function addressBits(family: AddressFamily): number {
  return family === 'IPv4' ? 32 : 128;
}

export function formatAddress(family: AddressFamily, number: bigint): string {
  return stringifyIp({ number, version: family === 'IPv4' ? 4 : 6 });
}

export interface Address {
  readonly text: string;
  readonly family: AddressFamily;
  readonly number: bigint;
}

/** The address in canonical text, or undefined if `text` is none. Scoped (`%eth0`) addresses are none. */
export function parseAddress(text: string): Address | undefined {
  // ip-bigint alone would read `10.0.0` as an address.
  const version = isIP(text);
  if (version === 0 || text.includes('%')) return undefined;
  const { number } = parseIp(text);
  const family = version === 4 ? 'IPv4' : 'IPv6';
  return { text: formatAddress(family, number), family, number };
}

export function makePrefix(family: AddressFamily, first: bigint, length: number): Prefix {
  const size = 1n << BigInt(addressBits(family) - length);
  return { cidr: `${formatAddress(family, first)}/${length}`, family, first, last: first + size - 1n, length };
}

/** The prefix with its host bits cleared, or undefined if `text` is none. */
export function parsePrefix(text: string): Prefix | undefined {
  const match = /^([^/%]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseAddress(match[1]);
  const length = Number(match?.[2]);
  if (!address || length > addressBits(address.family)) return undefined;
  const { start } = parseCidr(text);
  return makePrefix(address.family, start, length);
}

export function overlaps(a: string, b: string): boolean {
  return overlapCidr(a, b);
}

export function contains(outer: string, inner: string): boolean {
  return containsCidr(outer, inner);
}

export function familiesOf(prefixes: readonly string[]): AddressFamily[] {
  const families = new Set(prefixes.map((cidr): AddressFamily => (cidr.includes(':') ? 'IPv6' : 'IPv4')));
  return (['IPv4', 'IPv6'] as const).filter((family) => families.has(family));
}
