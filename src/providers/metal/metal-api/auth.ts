import { createHash, createHmac, randomInt } from 'node:crypto';
import type { Clock } from '../../../kube/clock.ts';

export type MetalApiCredentials =
  /** `hmacAuthType` is the user that the key belongs to: `Metal-Admin` (default), `Metal-Edit` or `Metal-View`. */
  { readonly hmac: string; readonly hmacAuthType?: string | undefined } | { readonly token: string };

/** An integer from 0 up to, but not including, `max`. */
export type RandomInt = (max: number) => number;

export const secureRandomInt: RandomInt = (max) => randomInt(max);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SALT_LENGTH = 24;

/**
 * Headers that sign one request (metal-components G.2). The signature covers date, method and salt only; metal-api takes
 * a date for stale after 30 to 90 s, so each attempt is signed anew.
 */
export function authHeaders(
  credentials: MetalApiCredentials,
  method: string,
  sources: { readonly clock: Clock; readonly random: RandomInt },
): Record<string, string> {
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  const date = `${new Date(sources.clock.now()).toISOString().slice(0, 19)}Z`;
  const salt = Array.from({ length: SALT_LENGTH }, () => LETTERS[sources.random(LETTERS.length)]).join('');
  const signature = createHmac('sha256', Buffer.from(credentials.hmac, 'utf8'))
    .update(`${date}${method}${salt}`)
    .digest('hex');
  return {
    authorization: `${credentials.hmacAuthType ?? 'Metal-Admin'} ${signature}`,
    'x-date': date,
    'x-data-salt': salt,
  };
}

/** Tells credentials apart without keeping them. */
export function fingerprint(credentials: MetalApiCredentials): string {
  const text =
    'token' in credentials ? ['token', credentials.token] : ['hmac', credentials.hmacAuthType, credentials.hmac];
  return createHash('sha256').update(JSON.stringify(text)).digest('hex');
}
