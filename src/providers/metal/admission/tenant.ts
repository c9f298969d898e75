import type { FieldError } from '../../admission.ts';
import { forbidden, required } from './field-errors.ts';
import { at } from './members.ts';

/** The annotation that says, for metal-api, who a cluster belongs to. */
export const TENANT = 'cluster.metal-stack.io/tenant';
const FIELD = 'metadata.annotations';

export function tenantOf(shoot: unknown): string | undefined {
  const tenant = at(shoot, ['metadata', 'annotations', TENANT]);
  return typeof tenant === 'string' ? tenant : undefined;
}

export const tenantErrors = (shoot: unknown): FieldError[] =>
  tenantOf(shoot) === undefined ? [required(FIELD, `the tenant must be given in the annotation ${TENANT}`)] : [];

export const tenantChangeErrors = (shoot: unknown, old: unknown): FieldError[] =>
  tenantOf(shoot) === tenantOf(old) ? [] : [forbidden(FIELD, `the annotation ${TENANT} is immutable`)];
