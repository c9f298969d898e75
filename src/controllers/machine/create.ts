import type { Machine } from '../../apis/machine/machine.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { keyOf } from '../../kube/object.ts';
import { MachineError, type MachineInstance } from '../../providers/machine.ts';
import type { Operation } from './context.ts';
import { classOf, classRefOf } from './machine-class.ts';
import { machineFinalizer } from './names.ts';
import { type Phase, phaseOf } from './phases.ts';
import { provide } from './provide.ts';
import { retryAfter } from './retry.ts';
import type { MachineSettings } from './settings.ts';
import { describeError } from './status.ts';
import { writeStatus } from './write-status.ts';

/** Whether it is still to be made, or to be found again after it was made. */
export function isToBeCreated(machine: Machine): boolean {
  const phase = phaseOf(machine);
  return phase === '' || phase === 'CrashLoopBackOff' || (phase === 'Pending' && !machine.spec.providerID);
}

/**
 * Makes the machine, or finds the one that an earlier try has made, writes down which it is, and has it wait for its Node
 * (metal-components F.4).
 */
export async function createMachine(operation: Operation): Promise<ReconcileResult | undefined> {
  const { context, machine, settings, log } = operation;
  const key = keyOf(machine.metadata);
  const facts = factsOf(operation);
  const leftMs = context.holdOff.left(key, facts);
  const creationLeftMs = settings.creationTimeoutMs - ageOf(operation);
  if (phaseOf(machine) === 'CrashLoopBackOff' && creationLeftMs <= 0) return giveUp(operation);
  if (leftMs > 0) return { requeueAfterMs: Math.min(leftMs, creationLeftMs) };
  try {
    const machineClass = await classOf(operation);
    // Its controller adds the finalizer and asks for the machine again.
    if (!machineClass.metadata.finalizers?.includes(machineFinalizer)) return undefined;
    const instance = await provide(operation, machineClass);
    await present(operation, instance);
    return { requeueAfterMs: Math.max(0, creationLeftMs) };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const delayMs = retryAfter('create', error.code, settings.periods);
    log.warn({ code: error.code, error }, 'Machine could not be created');
    const description = `Cloud provider message - ${describeError(error)}`;
    await writeStatus(operation, context.machines.get(machine.metadata) ?? machine, {
      phase: failurePhase(ageOf(operation), settings),
      operation: { type: 'Create', state: 'Failed', description, errorCode: error.code },
    });
    // Not before it is said: a try costs little, and what is not said is not seen.
    context.holdOff.set(key, facts, delayMs);
    return { requeueAfterMs: delayMs };
  }
}

/** MCM's MachineSet replaces a failed machine; one in CrashLoopBackOff is tried again. */
function failurePhase(ageMs: number, { creationTimeoutMs }: MachineSettings): Phase {
  return ageMs > creationTimeoutMs ? 'Failed' : 'CrashLoopBackOff';
}

function ageOf({ context, machine }: Operation): number {
  const { creationTimestamp } = machine.metadata;
  return context.elapsed.since(keyOf(machine.metadata), 'creation', creationTimestamp);
}

/** What a failed try is to be repeated for at once when it changes. */
function factsOf({ context, machine }: Operation): string {
  const machineClass = context.classes.get({ namespace: context.namespace, name: classRefOf(machine).name });
  if (!machineClass) return 'no class';
  return `create ${machineClass.metadata.generation} ${context.secretData.versionOf(machineClass)}`;
}

async function giveUp(operation: Operation): Promise<undefined> {
  const { machine } = operation;
  await writeStatus(operation, machine, { phase: 'Failed' });
}

async function present(operation: Operation, { nodeName }: MachineInstance): Promise<void> {
  const { context, machine } = operation;
  const current = context.machines.get(machine.metadata) ?? machine;
  if (context.target) {
    const description = 'Creating machine on cloud provider';
    const pending = { type: 'Create', state: 'Processing', description } as const;
    await writeStatus(operation, current, { phase: 'Pending', timeoutActive: true, operation: pending });
    return;
  }
  const description = 'Created machine on cloud provider';
  await writeStatus(operation, current, {
    phase: 'Available',
    operation: { type: 'Create', state: 'Successful', description },
    addresses: [{ type: 'Hostname', address: nodeName }],
  });
}
