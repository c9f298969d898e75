import { formatGoDuration } from '../../apis/go-duration.ts';
import type { Machine, MachineCondition } from '../../apis/machine/machine.ts';
import { describeConditions } from './conditions.ts';
import { type Phase, phaseOf } from './phases.ts';
import type { MachineSettings } from './settings.ts';
import type { StatusChange } from './status.ts';

/** Milliseconds since the Machine was made, and since it is in its phase. */
export interface Ages {
  readonly machine: number;
  readonly phase: number;
}

interface Timeout {
  readonly leftMs: number;
  /** When none is left. */
  readonly health: TimedOut;
}

export interface TimedOut {
  readonly change?: StatusChange;
  /** It has been sick for too long: only so many machines may fail so at a time. */
  readonly isSickness?: boolean;
  /** Look again after so many milliseconds, if nothing happens before. */
  readonly recheckMs?: number;
}

/** What a Machine has come to because nothing has happened for too long (metal-components F.5). */
export function timeoutOf(
  machine: Machine,
  settings: MachineSettings,
  ages: Ages,
  conditions: readonly MachineCondition[],
): TimedOut {
  const timeout = timeouts[phaseOf(machine)]?.(machine, settings, ages, conditions);
  if (!timeout) return {};
  return timeout.leftMs > 0 ? { recheckMs: timeout.leftMs } : timeout.health;
}

type Timeouts = Partial<
  Record<
    Phase,
    (machine: Machine, s: MachineSettings, ages: Ages, c: readonly MachineCondition[]) => Timeout | undefined
  >
>;

const timeouts: Timeouts = {
  Pending({ metadata: { name } }, { creationTimeoutMs }, ages) {
    const description = `Machine ${name} failed to join the cluster in ${told(creationTimeoutMs)} minutes.`;
    return {
      leftMs: creationTimeoutMs - ages.machine,
      health: { change: { phase: 'Failed', operation: { type: 'Create', state: 'Failed', description } } },
    };
  },
  Unknown: sick,
  InPlaceUpdateFailed: sick,
  InPlaceUpdating({ metadata: { name } }, { inPlaceUpdateTimeoutMs }, ages) {
    const description = `Machine ${name} failed to in-place update in ${told(inPlaceUpdateTimeoutMs)} minutes.`;
    const operation = { type: 'InPlaceUpdate', state: 'Failed', description } as const;
    return {
      leftMs: inPlaceUpdateTimeoutMs - ages.phase,
      health: { change: { phase: 'InPlaceUpdateFailed', operation } },
    };
  },
};

function sick(
  { metadata: { name }, spec }: Machine,
  { healthTimeoutMs }: MachineSettings,
  ages: Ages,
  conditions: readonly MachineCondition[],
): Timeout | undefined {
  if (spec.disableHealthTimeout) return undefined;
  const description =
    `Machine ${name} health checks failing since last ${told(healthTimeoutMs)} minutes. ` +
    `Updating machine phase to Failed. Node Conditions: ${describeConditions(conditions)}`;
  return {
    leftMs: healthTimeoutMs - ages.phase,
    health: {
      change: { phase: 'Failed', operation: { type: 'HealthCheck', state: 'Failed', description } },
      isSickness: true,
    },
  };
}

const told = (ms: number): string => formatGoDuration(ms);
