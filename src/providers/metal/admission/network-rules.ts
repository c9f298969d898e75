import { overlapCidr } from 'cidr-tools';
import type { Shoot } from '../../../apis/core/shoot.ts';
import type { FieldError } from '../../admission.ts';
import { isCIDR } from './addresses.ts';
import { invalid } from './field-errors.ts';

const ROOT = 'spec.networking';
const RANGES = ['nodes', 'pods', 'services'] as const;

/** Nodes, pods and services are CIDRs, and no two of them share an address. `nodes` may come later, from metal-api. */
export function networkErrors(shoot: Shoot): FieldError[] {
  const given = RANGES.flatMap((name) => {
    const cidr = shoot.spec.networking?.[name];
    return cidr ? [{ field: `${ROOT}.${name}`, cidr }] : [];
  });
  const sound: typeof given = [];
  return given.flatMap((range) => {
    const { field, cidr } = range;
    if (!isCIDR(cidr)) return [invalid(field, cidr, 'must be a CIDR, for example 10.240.0.0/13')];
    const other = sound.find((earlier) => overlapCidr(earlier.cidr, cidr));
    sound.push(range);
    return other ? [invalid(field, cidr, `must not overlap with ${other.field}, ${other.cidr}`)] : [];
  });
}
