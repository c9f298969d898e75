import { toError } from '../../src/kube/errors.ts';
import type { FlowStep, Operation } from './context.ts';
import { StepError } from './error-codes.ts';
import { lastOperation, patchStatus } from './shoot-status.ts';

/** A step that failed, with the name that goes into status.lastErrors as taskID. */
export class FlowError extends Error {
  override readonly name = 'FlowError';
  readonly task: string;
  readonly codes: readonly string[];

  constructor(task: string, cause: Error) {
    super(cause.message, { cause });
    this.task = task;
    this.codes = cause instanceof StepError ? cause.codes : [];
  }
}

/** Runs the steps in order. Before each, the Shoot's status says which one it is and how many percent are done. */
export async function runFlow(operation: Operation, steps: readonly FlowStep[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    operation.signal.throwIfAborted();
    try {
      await showProgress(operation, Math.floor((100 * index) / steps.length), step.name);
      await step.run(operation);
    } catch (error) {
      operation.signal.throwIfAborted();
      throw new FlowError(step.name, toError(error));
    }
  }
}

async function showProgress(operation: Operation, percent: number, description: string): Promise<void> {
  const type = operation.shoot.status?.lastOperation?.type ?? 'Create';
  const now = operation.clock.now();
  await patchStatus(operation, { lastOperation: lastOperation(type, 'Processing', percent, description, now) });
}
