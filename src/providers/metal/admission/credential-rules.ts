import type { FieldError, Findings } from '../../admission.ts';
import { forbidden, keyed, required } from './field-errors.ts';

const KEYS = ['metalAPIHMac', 'metalAPIKey'] as const;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const LARGEST = 64 * 1024;

/**
 * Exactly one of the credentials of metal-api (metal-provider 1.8), in a form that the controllers can use. An empty
 * key counts as absent. Texts name keys, never what is in them.
 */
export function reviewCredentials(data: unknown): Findings {
  const given = KEYS.flatMap((key) => {
    const value =
      typeof data === 'object' && data !== null && Object.hasOwn(data, key) ? data[key as never] : undefined;
    return value === undefined || value === null || value === '' ? [] : [{ key, value: value as unknown }];
  });
  if (given.length === 0) return refused([required('data', `one of [${KEYS.join(', ')}] must be set and not empty`)]);
  const errors = given.flatMap(({ key, value }) => valueErrors(key, value));
  const both = given.length > 1 ? [forbidden('data', `only one of [${KEYS.join(', ')}] may be set, not both`)] : [];
  if (errors.length > 0 || both.length > 0) return refused([...both, ...errors]);
  return { errors: [], warnings: given.flatMap(({ key, value }) => paddingWarnings(key, String(value))) };
}

const refused = (errors: readonly FieldError[]): Findings => ({ errors, warnings: [] });

function valueErrors(key: string, value: unknown): FieldError[] {
  const field = keyed('data', key);
  const fault = (detail: string): FieldError[] => [{ type: 'Invalid', field, detail }];
  if (typeof value !== 'string' || value.length > LARGEST || !BASE64.test(value)) return fault('must be base64');
  const text = decoded(value);
  if (text.trim() === '') return fault('must not consist of white space');
  if (key === 'metalAPIKey' && !/^[\x21-\x7e]+$/.test(text)) {
    return fault('has spaces, line ends or characters that a token cannot have');
  }
  return [];
}

/** The bytes of an HMAC key are taken as they are: a line end may belong to it, but seldom does. */
function paddingWarnings(key: string, value: string): string[] {
  const text = decoded(value);
  return text === text.trim() ? [] : [`${keyed('data', key)}: begins or ends with white space, which counts`];
}

const decoded = (value: string): string => Buffer.from(value, 'base64').toString('utf8');
