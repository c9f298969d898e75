import { nearest } from '../../../apis/nearest.ts';
import type { FieldError, Findings } from '../../admission.ts';

/** A path of a map member, `metalControlPlanes[prod]`. */
export const keyed = (field: string, key: string): string => `${field}[${shortened(key)}]`;
export const indexed = (field: string, index: number): string => `${field}[${index}]`;

export const required = (field: string, detail: string): FieldError => ({ type: 'Required', field, detail });
export const forbidden = (field: string, detail: string): FieldError => ({ type: 'Forbidden', field, detail });
export const duplicate = (field: string, value: string, detail: string): FieldError => ({
  type: 'Duplicate',
  field,
  value: shown(value),
  detail,
});
export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'Invalid',
  field,
  value: shown(value),
  detail,
});

/** `allowed` in the order in which it is to be shown. */
export function notSupported(field: string, value: string, allowed: readonly string[]): FieldError {
  const near = allowed.length > MOST_CANDIDATES ? undefined : nearest(value, allowed);
  const hint = near === undefined ? '' : `, did you mean ${near}?`;
  return { type: 'NotSupported', field, value: shown(value), detail: `supported values: ${listed(allowed)}${hint}` };
}

const SHOWN_VALUES = 30;
const MOST_CANDIDATES = 100;
const SHOWN_LENGTH = 200;

/** A list in a message, cut when it is too long to be read. */
export function listed(values: readonly string[]): string {
  const rest = values.length - SHOWN_VALUES;
  const list = values.slice(0, SHOWN_VALUES).map(shortened).join(', ');
  return rest > 0 ? `[${list}, and ${rest} more]` : `[${list}]`;
}

export function shortened(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

/** What is small enough for a message; the path says where the rest is. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value);
  return typeof value === 'object' ? undefined : value;
}

const MOST_FINDINGS = 100;

/** As many findings as a person can read at once. */
export function bounded({ errors, warnings }: Findings): Findings {
  const rest = errors.length - MOST_FINDINGS;
  return {
    errors: errors.slice(0, MOST_FINDINGS),
    warnings: [...warnings.slice(0, MOST_FINDINGS), ...(rest > 0 ? [`${rest} more errors are not shown`] : [])],
  };
}
