import { expect, test, vi } from 'vitest';
import { leadControllers } from './controllers-lead.ts';
import type { ControllerName } from './controllers-settings.ts';

interface Beside {
  readonly beside?: (signal: AbortSignal) => Promise<void>;
}

function scene({ beside }: Beside, ...names: readonly ControllerName[]) {
  const leading: string[] = [];
  const prepared = Promise.withResolvers<void>();
  const stop = new AbortController();
  const lead = (name: string) => async (signal: AbortSignal) => {
    leading.push(name);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    leading.push(`${name} ended`);
  };
  const controllers = names.map((name) => ({ name, controller: { lead: lead(name) } }));
  const prepareSeed = () => {
    leading.push('preparation');
    return prepared.promise;
  };
  const done = leadControllers(controllers, prepareSeed, stop.signal, beside && [beside]);
  return { leading, prepared, stop, done };
}

test('only what needs the preparation of the seed waits for it', async () => {
  const { leading, prepared, stop, done } = scene({}, 'infrastructure', 'controlplane', 'worker', 'healthcheck');
  expect(leading).toEqual(['preparation', 'infrastructure', 'healthcheck']);
  prepared.resolve();
  await vi.waitFor(() => expect(leading.slice(3)).toEqual(['controlplane', 'worker']));
  stop.abort();
  await done;
});

test('a seed that cannot be prepared ends the lead, and what has begun', async () => {
  const { leading, prepared, done } = scene({}, 'infrastructure', 'controlplane');
  prepared.reject(new Error('no right to do so'));
  await expect(done).rejects.toThrow('no right to do so');
  expect(leading).toEqual(['preparation', 'infrastructure', 'infrastructure ended']);
});

test('without control planes nothing is prepared', async () => {
  const { leading, stop, done } = scene({}, 'infrastructure', 'worker');
  await vi.waitFor(() => expect(leading).toEqual(['infrastructure', 'worker']));
  stop.abort();
  await done;
});

test('what fails beside the controllers ends them, and is told of when they have ended', async () => {
  const { leading, done } = scene({ beside: async () => Promise.reject(new Error('the address is taken')) }, 'worker');
  await expect(done).rejects.toThrow('the address is taken');
  expect(leading).toEqual(['worker', 'worker ended']);
});

test('a preparation that a stop ends is no failure', async () => {
  const { prepared, stop, done } = scene({}, 'controlplane');
  stop.abort();
  prepared.reject(new Error('aborted'));
  await done;
});
