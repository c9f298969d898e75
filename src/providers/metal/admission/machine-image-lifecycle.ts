import type { MachineImageVersion } from '../../../apis/core/cloud-profile.ts';

/** Where a version of a machine image is in its life, at a time. */
export interface Lifecycle {
  /** As Gardener has them: unavailable, preview, supported, deprecated, expired. */
  readonly classification: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expires: number | undefined;
}

/** Stages take the place of classification and expirationDate where they are used. */
export function lifecycleOf(version: MachineImageVersion, now: number): Lifecycle {
  const stages = version.lifecycle ?? [];
  if (stages.length > 0) return staged(stages, now);
  const expires = timeOf(version.expirationDate);
  const expired = expires !== undefined && expires <= now;
  return { classification: expired ? 'expired' : (version.classification ?? undefined), expires };
}

function staged(stages: NonNullable<MachineImageVersion['lifecycle']>, now: number): Lifecycle {
  const timed = stages
    .map(({ classification, startTime }) => ({ classification, start: timeOf(startTime) ?? Number.NEGATIVE_INFINITY }))
    .sort((left, right) => left.start - right.start);
  return {
    classification: timed.findLast(({ start }) => start <= now)?.classification ?? 'unavailable',
    expires: timed.find(({ classification }) => classification === 'expired')?.start,
  };
}

export const isUsable = ({ classification }: Lifecycle): boolean =>
  classification !== 'expired' && classification !== 'unavailable';

function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
