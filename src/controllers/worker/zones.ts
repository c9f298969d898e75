import type { IntOrString } from '../../apis/object.ts';
import { OperationError } from '../../providers/errors.ts';

/** One zone of a pool: its place among all. */
export interface ZoneShare {
  readonly index: number;
  readonly count: number;
}

/** What of a number falls to one zone; the first zones get the remainder (gardener-contract 2.3). */
export function shareOf(total: number, { index, count }: ZoneShare): number {
  return Math.floor(total / count) + (index < total % count ? 1 : 0);
}

/**
 * What of maxSurge or maxUnavailable falls to one zone. A percentage grows with the zone's share of `total` machines.
 * Throws OperationError for what is neither a number nor a percentage; `field` is what a person has to correct.
 */
export function shareOfIntOrString(value: IntOrString, total: number, zone: ZoneShare, field: string): IntOrString {
  if (typeof value === 'number') return shareOf(value, zone);
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) {
    throw new OperationError(`${field} must be a number or a percentage like 25%, not ${JSON.stringify(value)}`, {
      codes: ['ERR_CONFIGURATION_PROBLEM'],
    });
  }
  if (total % zone.count === 0) return value;
  return `${Math.ceil(((100 / (total / zone.count)) * shareOf(total, zone) * Number(percent)) / 100)}%`;
}
