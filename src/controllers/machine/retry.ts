import type { MachineErrorCode } from '../../providers/machine.ts';
import type { Periods } from './settings.ts';

/** Failures of the way to the provider, not of what was asked. */
const passing: ReadonlySet<MachineErrorCode> = new Set(['Unknown', 'DeadlineExceeded', 'Aborted', 'Unavailable']);

type Action = 'create' | 'status' | 'delete';

/** Milliseconds until a call of the driver that failed is made again; MCM's (metal-components F.4, F.6). */
export function retryAfter(action: Action, code: MachineErrorCode, periods: Periods): number {
  if (passing.has(code)) return periods.short;
  if (action === 'delete') return periods.long;
  return action === 'create' && code === 'ResourceExhausted' ? periods.resourceExhausted : periods.medium;
}
