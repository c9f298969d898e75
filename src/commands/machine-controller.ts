import { machineControllerFlags } from './machine-controller-flags.ts';
import type { Command } from './run.ts';

export const machineControllerCommand: Command<typeof machineControllerFlags> = {
  name: 'machine-controller',
  summary: 'Make the machines of a Shoot',
  description: `Runs beside machine-controller-manager in the control plane of a Shoot, in place of
machine-controller-manager-provider-metal: makes machines of Machines, looks after them until they are deleted, and empties
their Nodes before. Machines themselves are machine-controller-manager's.`,
  flags: machineControllerFlags,
  // Loaded only when it runs: other commands do without the memory.
  run: async (values, stop) => (await import('./machine-controller-run.ts')).runMachineController(values, stop),
};
