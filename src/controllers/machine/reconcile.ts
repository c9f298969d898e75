import { type Machine, machines } from '../../apis/machine/machine.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import { isNotFound, toError } from '../../kube/errors.ts';
import { isOutdated, metadataPatch } from '../../kube/finalizers.ts';
import type { Logger } from '../../kube/logger.ts';
import { keyOf, parseKey } from '../../kube/object.ts';
import type { MachineContext, Operation } from './context.ts';
import { createMachine } from './create.ts';
import { deleteMachine } from './delete.ts';
import { type Lane, laneOf } from './lane.ts';
import { machineFinalizer } from './names.ts';
import { phaseOf } from './phases.ts';
import { settingsOf } from './settings.ts';
import { tendMachine } from './tend.ts';

/** Takes one Machine through what its lane is for. What belongs to another lane comes there by the event that moved it. */
export function createReconcile(context: MachineContext, lane: Lane): Reconcile {
  return async (key, signal, log) => {
    const machine = context.machines.get(parseKey(key));
    if (laneOf(machine) !== lane) return undefined;
    // One Machine is never in two lanes at once.
    if (context.busy.has(key)) return { requeueAfterMs: context.settings.periods.conflict };
    if (!machine) return forget(context, key);
    context.busy.add(key);
    try {
      return await run({ context, machine, settings: settingsOf(machine, context.settings), signal, log }, lane);
    } catch (error) {
      return again(context, error, log);
    } finally {
      context.busy.delete(key);
    }
  };
}

/** What was decided on is not so any more. Throws what is another failure. */
function again({ settings }: MachineContext, error: unknown, log: Logger): ReconcileResult {
  if (!isOutdated(error) && !isNotFound(error)) throw error;
  log.info({ error: toError(error) }, 'The objects have changed meanwhile');
  const { conflict, short } = settings.periods;
  return { requeueAfterMs: isNotFound(error) ? short : conflict };
}

async function run(operation: Operation, lane: Lane): Promise<ReconcileResult | undefined> {
  const { context, machine } = operation;
  if (lane === 'termination') return deleteMachine(operation);
  // While an API server cannot be reached, what is known may be old; it asks for all machines when it is back.
  if (context.isFrozen()) return undefined;
  const phase = phaseOf(machine);
  if (phase === 'Failed' || phase === 'Terminating') return undefined;
  const held = { ...operation, machine: await hold(operation) };
  return lane === 'creation' ? createMachine(held) : tendMachine(held);
}

/** From here on, a Machine does not go without its machine. */
async function hold({ context, machine, signal }: Operation): Promise<Machine> {
  const patch = metadataPatch(machine, { addFinalizer: machineFinalizer });
  if (!patch) return machine;
  const held = await context.control.jsonPatch(machines, machine.metadata, patch, { signal });
  context.machines.remember(held);
  context.inherited.isNew(keyOf(machine.metadata));
  return held;
}

function forget(context: MachineContext, key: string): undefined {
  context.drains.delete(key);
  context.elapsed.forget(key);
  context.holdOff.forget(key);
  context.inherited.forget(key);
  context.unhealthy.delete(key);
}
