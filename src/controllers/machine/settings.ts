import { goDuration } from '../../apis/go-duration.ts';
import type { Machine, MachineConfiguration } from '../../apis/machine/machine.ts';

/** What the flags say (metal-components F.2); durations in milliseconds. A Machine's own values go before. */
export interface MachineSettings {
  readonly creationTimeoutMs: number;
  readonly healthTimeoutMs: number;
  readonly drainTimeoutMs: number;
  readonly inPlaceUpdateTimeoutMs: number;
  readonly maxEvictRetries: number;
  readonly pvDetachTimeoutMs: number;
  readonly pvReattachTimeoutMs: number;
  /** Types of conditions of a Node that make it unhealthy when they are not False. */
  readonly nodeConditions: readonly string[];
  /** Of the bootstrap tokens, comma-separated. */
  readonly bootstrapTokenGroups: string;
  readonly orphanPeriodMs: number;
  readonly freezeCheckPeriodMs: number;
  readonly freezeAfterMs: number;
  readonly periods: Periods;
}

/** How long is waited before the next try, in milliseconds. */
export interface Periods {
  readonly conflict: number;
  readonly short: number;
  readonly medium: number;
  readonly long: number;
  readonly resourceExhausted: number;
  /** Between two looks at what goes on outside: pods that end, volumes that are detached. */
  readonly poll: number;
  /** Between two evictions of a pod that its budget does not allow yet. */
  readonly evict: number;
  /** For so long a machine at the provider must have had no Machine before it is taken for an orphan. */
  readonly orphanGrace: number;
}

/** MCM's. */
export const defaultPeriods: Periods = {
  conflict: 200,
  short: 5_000,
  medium: 3 * 60_000,
  long: 10 * 60_000,
  resourceExhausted: 10 * 60_000,
  poll: 5_000,
  evict: 20_000,
  orphanGrace: 5 * 60_000,
};

/** A Go duration in milliseconds; undefined for what is none, or is negative. */
export function durationMs(text: string): number | undefined {
  const ms = goDuration(text);
  return ms !== undefined && ms >= 0 ? ms : undefined;
}

/** The flags, with what the Machine says of itself in their place. */
export function settingsOf({ spec }: Machine, settings: MachineSettings): MachineSettings {
  const own = (field: keyof MachineConfiguration, otherwise: number) => {
    const text = spec[field];
    return (typeof text === 'string' ? durationMs(text) : undefined) ?? otherwise;
  };
  return {
    ...settings,
    creationTimeoutMs: own('creationTimeout', settings.creationTimeoutMs),
    healthTimeoutMs: own('healthTimeout', settings.healthTimeoutMs),
    drainTimeoutMs: own('drainTimeout', settings.drainTimeoutMs),
    inPlaceUpdateTimeoutMs: own('inPlaceUpdateTimeout', settings.inPlaceUpdateTimeoutMs),
    maxEvictRetries: spec.maxEvictRetries ?? settings.maxEvictRetries,
    nodeConditions: spec.nodeConditions?.split(',') ?? settings.nodeConditions,
  };
}
