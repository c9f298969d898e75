import type { Machine } from '../../apis/machine/machine.ts';

/** Of a Machine; MCM's MachineSet controller and cluster-autoscaler read them (metal-components F.3). None: it is new. */
export type Phase =
  | ''
  | 'Pending'
  | 'Available'
  | 'Running'
  | 'Terminating'
  | 'Unknown'
  | 'Failed'
  | 'CrashLoopBackOff'
  | 'InPlaceUpdating'
  | 'InPlaceUpdateSuccessful'
  | 'InPlaceUpdateFailed';

export function phaseOf({ status }: Machine): Phase {
  return (status?.currentStatus?.phase ?? '') as Phase;
}
