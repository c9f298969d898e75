import { type Machine, machines } from '../../apis/machine/machine.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import { isNotFound, toError } from '../../kube/errors.ts';
import { isOutdated, metadataPatch } from '../../kube/finalizers.ts';
import { keyOf, parseKey } from '../../kube/object.ts';
import type { MachineContext, Operation } from './context.ts';
import { createMachine, isToBeCreated } from './create.ts';
import { deleteMachine } from './delete.ts';
import { machineFinalizer } from './names.ts';
import { phaseOf } from './phases.ts';
import { settingsOf } from './settings.ts';
import { tendMachine } from './tend.ts';

/** Takes one Machine through its life. */
export function createReconcile(context: MachineContext): Reconcile {
  return async (key, signal, log) => {
    const machine = context.machines.get(parseKey(key));
    if (!machine) return forget(context, key);
    const operation = { context, machine, settings: settingsOf(machine, context.settings), signal, log };
    try {
      return await run(operation);
    } catch (error) {
      if (!isOutdated(error) && !isNotFound(error)) throw error;
      log.info({ error: toError(error) }, 'What was decided on is not so any more');
      const { conflict, short } = context.settings.periods;
      return { requeueAfterMs: isNotFound(error) ? short : conflict };
    }
  };
}

async function run(operation: Operation): Promise<ReconcileResult | undefined> {
  const { context, machine } = operation;
  if (machine.metadata.deletionTimestamp) return deleteMachine(operation);
  // While an API server cannot be reached, what is known may be old; it asks for all machines when it is back.
  if (context.isFrozen()) return undefined;
  const phase = phaseOf(machine);
  if (phase === 'Failed' || phase === 'Terminating') return undefined;
  const held = { ...operation, machine: await hold(operation) };
  return isToBeCreated(held.machine) ? createMachine(held) : tendMachine(held);
}

/** From here on, a Machine does not go without its machine. */
async function hold({ context, machine, signal }: Operation): Promise<Machine> {
  const patch = metadataPatch(machine, { addFinalizer: machineFinalizer });
  if (!patch) return machine;
  const held = await context.control.jsonPatch(machines, machine.metadata, patch, { signal });
  context.machines.remember(held);
  return held;
}

function forget(context: MachineContext, key: string): undefined {
  context.drains.delete(key);
  context.elapsed.forget(key);
  context.holdOff.forget(key);
}

/** The keys of Machines. */
export const keysOf = (objects: readonly Machine[]): readonly string[] =>
  objects.map(({ metadata }) => keyOf(metadata));
