import type { FieldError } from '../../admission.ts';
import { NETWORK_ACCESS_TYPES } from './control-plane-rules.ts';
import { invalid } from './field-errors.ts';
import { at } from './members.ts';
import { CONTROL_PLANE_CONFIG, INFRASTRUCTURE_CONFIG } from './shoot-view.ts';
import { tenantChangeErrors } from './tenant.ts';

/**
 * What a Shoot keeps as long as it lives: its project, partition, access to other networks, and tenant. Compared as it
 * stands, so that a fault elsewhere in a configuration hides no change.
 */
export function immutableErrors(object: unknown, old: unknown): FieldError[] {
  return [
    ...tenantChangeErrors(object, old),
    ...placeErrors(object, old, 'projectID'),
    ...placeErrors(object, old, 'partitionID'),
    ...accessErrors(object, old),
  ];
}

/** Removing one is refused as well: by the rule that it must be given. */
function placeErrors(object: unknown, old: unknown, name: string): FieldError[] {
  const field = `${INFRASTRUCTURE_CONFIG}.${name}`;
  const before = at(old, field.split('.'));
  const after = at(object, field.split('.'));
  if (typeof before !== 'string' || before === '' || !after || before === after) return [];
  return [invalid(field, after, `field is immutable, it is ${before}`)];
}

/** Nodes are installed for an access type, so it is chosen when the cluster is made. What never meant anything may be corrected. */
function accessErrors(object: unknown, old: unknown): FieldError[] {
  const field = `${CONTROL_PLANE_CONFIG}.networkAccessType`;
  const before = at(old, field.split('.')) ?? 'baseline';
  const after = at(object, field.split('.')) ?? 'baseline';
  if (before === after || !NETWORK_ACCESS_TYPES.some((type) => type === before)) return [];
  return [invalid(field, after, `field is immutable, it is ${before}`)];
}
