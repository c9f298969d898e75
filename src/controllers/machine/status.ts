import type { Machine, MachineCondition } from '../../apis/machine/machine.ts';
import { timestamp } from '../../kube/timestamp.ts';
import type { MachineError, MachineErrorCode } from '../../providers/machine.ts';
import { type Phase, phaseOf } from './phases.ts';

export interface LastOperation {
  readonly type: 'Create' | 'InPlaceUpdate' | 'DrainNode' | 'HealthCheck' | 'Delete';
  readonly state: 'Processing' | 'Failed' | 'Successful';
  readonly description: string;
  /** cluster-autoscaler goes elsewhere for `ResourceExhausted`. */
  readonly errorCode?: MachineErrorCode;
}

/** What is to be said of a Machine; what is absent stays. */
export interface StatusChange {
  /** Also when it is the same: its time begins anew. */
  readonly phase?: Phase;
  /** A time-out runs in this phase. */
  readonly timeoutActive?: boolean;
  readonly operation?: LastOperation;
  readonly conditions?: readonly MachineCondition[];
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
}

/** What is said again and again is written so often at the most. */
const repeatAfterMs = 30 * 60_000;
const longestText = 2_000;

/**
 * The merge patch of the status; undefined when it says nothing new. It does not apply to a Machine that has changed
 * meanwhile.
 */
export function statusPatch(machine: Machine, change: StatusChange, now: number): object | undefined {
  if (isRepetition(machine, change, now)) return undefined;
  const lastUpdateTime = timestamp(now);
  const { phase, timeoutActive, operation, conditions, addresses } = change;
  return {
    metadata: { resourceVersion: machine.metadata.resourceVersion },
    status: {
      ...(phase === undefined
        ? {}
        : { currentStatus: { phase, timeoutActive: timeoutActive ? true : null, lastUpdateTime } }),
      ...(operation && { lastOperation: { errorCode: null, ...operation, lastUpdateTime } }),
      ...(conditions && { conditions }),
      ...(addresses && { addresses }),
    },
  };
}

/** Errors that differ in ids and numbers only are the same. */
function isRepetition(
  machine: Machine,
  { phase, operation, conditions, addresses }: StatusChange,
  now: number,
): boolean {
  const before = machine.status?.lastOperation;
  if (!operation || !before || conditions || addresses) return false;
  if (phase !== undefined && phase !== phaseOf(machine)) return false;
  const isOld = now - (Date.parse(before.lastUpdateTime ?? '') || 0) >= repeatAfterMs;
  const isSame =
    before.type === operation.type &&
    before.state === operation.state &&
    (before.errorCode || undefined) === operation.errorCode &&
    withoutIds(before.description ?? '') === withoutIds(operation.description);
  return isSame && !isOld;
}

function withoutIds(text: string): string {
  return text.replaceAll(/[0-9a-f]*\d[0-9a-f-]*/gi, '#');
}

/** In the form that MCM's drivers give it, which others take apart (metal-components F.4). */
export function describeError({ code, message }: MachineError): string {
  return `machine codes error: code = [${code}] message = [${clipped(message)}]`;
}

export function clipped(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
