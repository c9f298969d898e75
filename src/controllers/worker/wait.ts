import type { Worker } from '../../apis/extensions/worker.ts';
import type { FailedMachine } from '../../apis/machine/machine.ts';
import { startDeadline } from '../../kube/deadline.ts';
import { until } from '../../kube/namespace-watch.ts';
import { OperationError } from '../../providers/errors.ts';
import type { Operation } from '../../providers/provider.ts';
import type { WorkerDriver } from '../../providers/worker.ts';
import { namespaceOf, type WorkerDependencies } from './dependencies.ts';

/** What is still waited for, as a person reads it. */
export interface Pending {
  readonly text: string;
  /** How far the whole operation has come, 1 to 99. */
  readonly percent: number;
}

export interface Wait {
  /** Undefined when there is nothing left to wait for; is asked again when an object of the namespace changes. */
  readonly check: () => Pending | undefined;
  readonly timeoutMs: number;
}

/** What has been waited for did not come in time. The operation is tried again. */
export class WaitTimeoutError extends OperationError {}

/** Returns at once when there is nothing to wait for; the worker is free for other objects meanwhile. */
export async function waitFor(
  operation: Operation<Worker>,
  { caches, clock }: WorkerDependencies,
  { check, timeoutMs }: Wait,
): Promise<void> {
  let pending = check();
  if (!pending) return;
  const describe = (next: Pending) => {
    pending = next;
    operation.progress(next.text, next.percent);
  };
  describe(pending);
  const late = () =>
    new WaitTimeoutError(`gave up after ${timeoutMs / 60_000} minutes, will try again: ${pending?.text}`);
  await operation.pause(async (signal) => {
    const deadline = startDeadline(clock, timeoutMs, late, signal);
    const done = () => {
      const next = check();
      if (next) describe(next);
      return next ? undefined : true;
    };
    try {
      await until(caches.watch, namespaceOf(operation), done, deadline.signal);
    } finally {
      deadline.end();
    }
  });
}

/** The error of machines that machine-controller-manager has given up; machines of the same trouble stand together. */
export function failureOf(failed: readonly FailedMachine[], codesOf: WorkerDriver['codesOf']): OperationError {
  const names = new Map<string, string[]>();
  for (const { name = 'unknown', lastOperation } of failed) {
    const description = lastOperation?.description ?? 'no description';
    names.set(description, [...(names.get(description) ?? []), `"${name}"`]);
  }
  const entries = [...names].map(([description, machines]) => `${machines.sort().join(', ')}: ${description}`);
  return new OperationError(`machine(s) failed: ${entries.join('; ')}`, {
    codes: [...new Set([...names.keys()].flatMap((description) => codesOf(description)))],
  });
}
