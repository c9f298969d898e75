import { describe, expect, it } from 'vitest';
import type { Worker } from '../../apis/extensions/worker.ts';
import { createFakeClock } from '../../kube/fake-clock.ts';
import type { Operation } from '../../providers/provider.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { failedMachine } from './fixtures.ts';
import { failureOf, type Pending, waitFor } from './wait.ts';

function setup(states: readonly (Pending | undefined)[]) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const said: string[] = [];
  let pauses = 0;
  let at = 0;
  let changed: () => void = () => undefined;
  const operation = {
    object: { metadata: { name: 'worker', namespace: 'ns' } },
    progress: (text: string, percent: number) => void said.push(`${percent}% ${text}`),
    pause: <R>(wait: (signal: AbortSignal) => Promise<R>) => {
      pauses += 1;
      return wait(stop.signal);
    },
  } as unknown as Operation<Worker>;
  const watch = {
    onChange(_: string, listener: () => void) {
      changed = listener;
      return () => undefined;
    },
  };
  const dependencies = { caches: { watch }, clock } as unknown as WorkerDependencies;
  const done = waitFor(operation, dependencies, { check: () => states[at], timeoutMs: 60_000 });
  return {
    clock,
    stop,
    done,
    said,
    pauses: () => pauses,
    next: () => {
      at += 1;
      changed();
    },
  };
}

const pending = (text: string): Pending => ({ text, percent: 50 });

describe('waitFor', () => {
  it('does not even pause when there is nothing to wait for', async () => {
    const { done, pauses, said } = setup([undefined]);
    await done;
    expect(pauses()).toBe(0);
    expect(said).toEqual([]);
  });

  it('ends with the change that it waits for, and says what is left', async () => {
    const { done, next, said, clock } = setup([pending('two'), pending('one'), undefined]);
    next();
    await clock.run(1);
    next();
    await done;
    expect([...new Set(said)]).toEqual(['50% two', '50% one']);
    expect(clock.pending).toBe(0);
  });

  it('gives up after some time, with what is left', async () => {
    const { done, clock } = setup([pending('m1 is missing')]);
    const failed = expect(done).rejects.toThrow('gave up after 1 minutes, will try again: m1 is missing');
    await clock.run(60_000);
    await failed;
  });

  it('ends with its signal', async () => {
    const { done, stop } = setup([pending('x')]);
    stop.abort(new Error('stop'));
    await expect(done).rejects.toThrow('stop');
  });
});

describe('failureOf', () => {
  it('groups machines by their trouble, and finds its codes', () => {
    const failed = [failedMachine('m2', 'no stock'), failedMachine('m3', 'who knows'), failedMachine('m1', 'no stock')];
    const error = failureOf(failed, (text) => (text === 'no stock' ? ['ERR_INFRA_RESOURCES_DEPLETED'] : []));
    expect(error.message).toBe('machine(s) failed: "m1", "m2": no stock; "m3": who knows');
    expect(error.codes).toEqual(['ERR_INFRA_RESOURCES_DEPLETED']);
  });
});
