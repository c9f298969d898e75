import { type Machine, machines } from '../../apis/machine/machine.ts';
import { keyOf } from '../../kube/object.ts';
import type { Operation } from './context.ts';
import { type StatusChange, statusPatch } from './status.ts';
import { toldOf } from './tell.ts';

/** Says it in the status, if it is not said there; returns the Machine as it is then. Throws a conflict, see isConflict. */
export async function writeStatus(
  { context, signal, log }: Operation,
  machine: Machine,
  change: StatusChange,
): Promise<Machine> {
  const patch = statusPatch(machine, change, context.clock.now());
  if (!patch) return machine;
  const written = await context.control.mergePatch(machines, machine.metadata, patch, {
    subresource: 'status',
    signal,
  });
  context.machines.remember(written);
  const told = toldOf(change);
  if (told) context.tell(written, told);
  const { phase, operation } = change;
  if (phase === 'Failed') context.unhealthy.add(keyOf(machine.metadata));
  if (phase || operation) log.info({ phase, description: operation?.description }, 'Status of the machine changed');
  return written;
}
