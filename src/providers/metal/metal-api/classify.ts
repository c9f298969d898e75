import type { MetalApiErrorKind } from './errors.ts';

/** metal-api answers business errors with 422 or 500 and says only in the text what is wrong (metal-components G.3). */
const BY_TEXT: readonly (readonly [RegExp, MetalApiErrorKind])[] = [
  [/\bquota\b/i, 'quota-exceeded'],
  [/in use\b|still used|has (allocated )?ips/i, 'conflict'],
  [
    /no (more )?ips? left|no (more )?child prefix|no prefix (found|available)|no machine available|exhausted/i,
    'exhausted',
  ],
  [/too many parallel machine allocations/i, 'rate-limited'],
];

const BY_STATUS: Readonly<Record<number, MetalApiErrorKind>> = {
  401: 'unauthenticated',
  404: 'not-found',
  408: 'unavailable',
  409: 'conflict',
  412: 'conflict',
  423: 'conflict',
  425: 'unavailable',
  429: 'rate-limited',
};

/** A guest is one whose credentials metal-api did not recognise at all. */
const FORBIDDEN = /not member in one of|tenant (?!guest\b).* not allowed/i;

/**
 * What a status and metal-api's text mean. A 403 is a refused signature unless it speaks of roles or tenants. An answer
 * that is not JSON (`own` false) comes from something in between, and says nothing about credentials or objects.
 */
export function classify(status: number, text: string, own = true): MetalApiErrorKind {
  if (!own && status !== 429) return 'unavailable';
  if (status === 403) return FORBIDDEN.test(text) ? 'forbidden' : 'unauthenticated';
  const byStatus = BY_STATUS[status];
  if (byStatus) return byStatus;
  const byText = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  if (byText && (status === 400 || status === 422 || status === 500)) return byText;
  return status >= 500 ? 'unavailable' : 'invalid';
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'PROXY',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** True when transport trouble came before any byte of the request could have reached metal-api. */
export function neverSent(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverSent);
  return NEVER_SENT.has(codeOf(error));
}

export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
