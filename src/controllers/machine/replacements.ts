import type { Machine } from '../../apis/machine/machine.ts';
import { phaseOf } from './phases.ts';

/**
 * Whether another sick machine of a MachineDeployment may be given up: only while none of its machines is being replaced,
 * so that an outage of the network does not cost a whole pool (metal-components F.5).
 */
export function mayFail(machinesOfDeployment: readonly Machine[]): boolean {
  return machinesOfDeployment.every((machine) => {
    const phase = phaseOf(machine);
    return !machine.metadata.deletionTimestamp && (phase === 'Running' || phase === 'Unknown');
  });
}
