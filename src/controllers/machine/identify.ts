import { keyOf } from '../../kube/object.ts';
import { MachineError, type MachineInstance } from '../../providers/machine.ts';
import type { Operation } from './context.ts';
import type { StepResult } from './delete.ts';
import { classOf, isNeverMade } from './machine-class.ts';
import { nodeLabel } from './names.ts';
import { retryAfter } from './retry.ts';
import { describeError } from './status.ts';
import { writeDown } from './write-down.ts';

/**
 * Finds out which Node and machine a Machine had: the answer that said so may have been lost. The Node is to be drained,
 * and the machine to be given back (metal-components F.6).
 */
export async function identify(operation: Operation): Promise<StepResult> {
  const { context, machine } = operation;
  const { target } = context;
  const next = target ? 'drain' : 'machine';
  if (machine.spec.providerID && (!target || machine.metadata.labels?.[nodeLabel])) return { next };
  const [node] = target?.nodes.byIndex('machine', machine.metadata.name) ?? [];
  try {
    const instance = await ask(operation);
    await writeDown(operation, { ...instance, nodeName: node?.metadata.name ?? instance.nodeName });
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const wait = waitFor(operation, error);
    if (wait) return wait;
    if (node) await writeDown(operation, { nodeName: node.metadata.name });
  }
  return { next };
}

/** Undefined when the answer is that there is none. */
function waitFor({ context, machine, settings }: Operation, error: MachineError): StepResult | undefined {
  const comingMs = context.inherited.leftMs(keyOf(machine.metadata));
  if (error.code === 'NotFound' && comingMs > 0) return { waitMs: comingMs };
  const isAnswer = ['NotFound', 'Unimplemented', 'Uninitialized'].includes(error.code);
  if (isAnswer || isNeverMade(machine, error)) return undefined;
  return { waitMs: retryAfter('status', error.code, settings.periods), failure: describeError(error) };
}

async function ask(operation: Operation): Promise<MachineInstance> {
  const { context, machine, signal } = operation;
  const machineClass = await classOf(operation);
  const secret = await context.secretData.of(machineClass, signal);
  return context.driver.status({ machine, machineClass, secret, signal });
}
