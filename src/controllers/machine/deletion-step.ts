import type { Machine } from '../../apis/machine/machine.ts';
import { phaseOf } from './phases.ts';

/**
 * How far a deletion has come. It stands in the description of the last operation, in MCM's words: either controller goes
 * on where the other has stopped (metal-components F.6).
 */
export type DeletionStep = 'status' | 'drain' | 'volumes' | 'machine' | 'node' | 'finalizer';

export const stepTexts: Readonly<Record<DeletionStep, string>> = {
  status: 'Set machine status to termination. Now, getting VM Status',
  drain: 'Initiate node drain',
  volumes: 'Delete Volume Attachments',
  machine: 'Initiate VM deletion',
  node: 'Initiate node object deletion',
  finalizer: 'Initiate machine object finalizer removal',
};

const markers: readonly (readonly [string, DeletionStep])[] = [
  ['getting VM Status', 'status'],
  [stepTexts.drain, 'drain'],
  [stepTexts.volumes, 'volumes'],
  [stepTexts.machine, 'machine'],
  ['Remove node finalizers', 'node'],
  [stepTexts.node, 'node'],
  [stepTexts.finalizer, 'finalizer'],
];

/** Undefined when it has not begun; MCM's MachineSet controller says `Terminating` before it has. */
export function deletionStepOf(machine: Machine): DeletionStep | undefined {
  const { type, description = '' } = machine.status?.lastOperation ?? {};
  if (phaseOf(machine) !== 'Terminating' || type !== 'Delete') return undefined;
  return markers.find(([marker]) => description.includes(marker))?.[1];
}
