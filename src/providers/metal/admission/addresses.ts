import { isIP } from 'node:net';
import { isCIDR as hasCIDRForm } from '../infrastructure/node-network.ts';
import type { AddressFamily } from '../metal-api/types.ts';

export const familyOfIP = (address: string): AddressFamily => (isIP(address) === 4 ? 'IPv4' : 'IPv6');

const LONGEST_CIDR = 64;

/** An address without a zone, and a prefix length; bits behind the prefix may be set. */
export const isCIDR = (text: string): boolean =>
  text.length <= LONGEST_CIDR && !text.includes('%') && hasCIDRForm(text);

export function isHTTPURL(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol);
}
