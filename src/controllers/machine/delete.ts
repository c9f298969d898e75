import { type Machine, machines } from '../../apis/machine/machine.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { isNotFound, toError } from '../../kube/errors.ts';
import { isOutdated, metadataPatch } from '../../kube/finalizers.ts';
import { keyOf } from '../../kube/object.ts';
import { MachineError } from '../../providers/machine.ts';
import type { Operation } from './context.ts';
import { deleteNode } from './delete-node.ts';
import { type DeletionStep, deletionStepOf, stepTexts } from './deletion-step.ts';
import { drainNode } from './drain/drain.ts';
import { detachVolumes } from './drain/volume-attachments.ts';
import { identify } from './identify.ts';
import { classOf, classRefOf, isNeverMade } from './machine-class.ts';
import { forceDeletionLabel, machineFinalizer } from './names.ts';
import { retryAfter } from './retry.ts';
import { clipped, describeError } from './status.ts';
import { writeStatus } from './write-status.ts';

/** The next step, or how long this one is to be waited for, with what holds it up. */
export type StepResult =
  | { readonly next: DeletionStep; readonly says?: string }
  | { readonly waitMs: number; readonly failure?: string };

type Step = (operation: Operation) => Promise<StepResult>;

const steps: Readonly<Record<Exclude<DeletionStep, 'finalizer'>, Step>> = {
  status: identify,
  drain: drainNode,
  volumes: detachVolumes,
  machine: deleteAtProvider,
  node: deleteNode,
};

/** Steps that take time, or cannot be undone, are announced; the others follow at once. */
const announced: ReadonlySet<DeletionStep> = new Set(['drain', 'volumes', 'machine']);

/** Brings a deletion as far as it goes without waiting. Every step may be done again. */
export async function deleteMachine(operation: Operation): Promise<ReconcileResult | undefined> {
  if (!operation.machine.metadata.finalizers?.includes(machineFinalizer)) return undefined;
  const { holdOff } = operation.context;
  const key = keyOf(operation.machine.metadata);
  let current = operation;
  let step = firstStepOf(current.machine);
  const leftMs = holdOff.left(key, factsOf(operation, step));
  if (leftMs > 0) return { requeueAfterMs: leftMs };
  while (step !== 'finalizer') {
    const result = await attempt(current, step);
    if ('waitMs' in result) {
      await tell(current, step, result.failure);
      holdOff.set(key, factsOf(current, step), result.waitMs);
      return { requeueAfterMs: result.waitMs };
    }
    current = await enter(current, result.next, result.says);
    step = result.next;
  }
  await letGo(current);
  return undefined;
}

/** Where it has come to. The Go controller passes on what has no id yet without having asked for its machine. */
function firstStepOf(machine: Machine): DeletionStep {
  const step = deletionStepOf(machine) ?? 'status';
  const isPast = step === 'node' || step === 'finalizer';
  return isPast && !machine.spec.providerID ? 'machine' : step;
}

/** A step that waits is taken up again at once when one of these changes. */
function factsOf({ context, machine }: Operation, step: DeletionStep): string {
  const { labels, generation } = machine.metadata;
  const machineClass = context.classes.get({ namespace: context.namespace, name: classRefOf(machine).name });
  const version = machineClass && `${machineClass.metadata.generation} ${context.secretData.versionOf(machineClass)}`;
  return JSON.stringify([step, generation, labels?.[forceDeletionLabel], version]);
}

async function attempt(operation: Operation, step: keyof typeof steps): Promise<StepResult> {
  const { settings, signal } = operation;
  try {
    return await steps[step](operation);
  } catch (error) {
    if (signal.aborted || isOutdated(error)) throw error;
    const failure = error instanceof MachineError ? describeError(error) : clipped(toError(error).message);
    return { waitMs: settings.periods.short, failure };
  }
}

/** The next step with the Machine as it is then. */
async function enter(operation: Operation, step: DeletionStep, says: string | undefined): Promise<Operation> {
  const machine = newest(operation);
  const description = says ? `${says} ${stepTexts[step]}` : stepTexts[step];
  if (!announced.has(step) || deletionStepOf(machine) === step) return { ...operation, machine };
  const change = { type: 'Delete', state: 'Processing', description } as const;
  return { ...operation, machine: await writeStatus(operation, machine, { phase: 'Terminating', operation: change }) };
}

async function tell(operation: Operation, step: DeletionStep, failure: string | undefined): Promise<void> {
  const machine = newest(operation);
  const isBegun = deletionStepOf(machine) !== undefined;
  if (failure !== undefined) operation.log.warn({ step, failure }, 'Deletion of the machine is held up');
  else if (isBegun) return;
  const description = failure === undefined ? stepTexts[step] : `${failure} ${stepTexts[step]}`;
  const state = failure === undefined ? 'Processing' : 'Failed';
  await writeStatus(operation, machine, {
    ...(isBegun ? {} : { phase: 'Terminating' }),
    operation: { type: 'Delete', state, description },
  });
}

const newest = ({ context, machine }: Operation): Machine => context.machines.get(machine.metadata) ?? machine;

/** What is gone, or never was, is deleted. */
async function deleteAtProvider(operation: Operation): Promise<StepResult> {
  const { context, machine, settings, signal } = operation;
  // The process that came as far as this may have ordered a machine that is not there yet, nor when the driver looks.
  const comingMs = machine.spec.providerID ? 0 : context.inherited.leftMs(keyOf(machine.metadata));
  try {
    const machineClass = await classOf(operation);
    const secret = await context.secretData.of(machineClass, signal);
    await context.driver.delete({ machine, machineClass, secret, signal });
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    if (error.code !== 'NotFound' && !isNeverMade(machine, error)) {
      const waitMs = retryAfter('delete', error.code, settings.periods);
      return { waitMs, failure: `VM deletion failed due to - ${describeError(error)}.` };
    }
  }
  return comingMs > 0 ? { waitMs: comingMs } : { next: 'node' };
}

async function letGo({ context, machine, signal, log }: Operation): Promise<void> {
  const patch = metadataPatch(machine, { removeFinalizers: [machineFinalizer] });
  if (!patch) return;
  try {
    context.machines.remember(await context.control.jsonPatch(machines, machine.metadata, patch, { signal }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  context.tell(machine, { type: 'Normal', reason: 'Deleted', message: 'The machine was given back' });
  log.info({}, 'Machine deleted');
}
