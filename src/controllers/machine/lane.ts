import type { Machine } from '../../apis/machine/machine.ts';
import { isToBeCreated } from './create.ts';

/**
 * What is done to a Machine now. Each lane has its own workers: a provider that is slow to make machines does not keep
 * others from being looked after, or given back.
 */
export type Lane = 'creation' | 'care' | 'termination';

export const lanes: readonly Lane[] = ['creation', 'care', 'termination'];

/** One that is not there any more is only forgotten. */
export function laneOf(machine: Machine | undefined): Lane {
  if (!machine || machine.metadata.deletionTimestamp) return 'termination';
  return isToBeCreated(machine) ? 'creation' : 'care';
}
