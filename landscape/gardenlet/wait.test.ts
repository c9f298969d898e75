import { describe, expect, test } from 'vitest';
import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { createFakeClock } from '../../src/kube/fake-clock.ts';
import { createBell } from './bell.ts';
import { type Waiting, waitUntilDeleted, waitUntilMigrated, waitUntilReady } from './wait.ts';

const settings = { intervalMs: 1_000, severeAfterMs: 3_000, timeoutMs: 10_000 };
const target = { resource: infrastructures, namespace: 'ns', name: 'x' };

type Status = NonNullable<Infrastructure['status']>;
type Last = NonNullable<Status['lastOperation']>;

const last = (type: Last['type'], state: Last['state']): Last => ({
  ...{ type, state, description: '', progress: 100, lastUpdateTime: '2026-01-02T03:04:05Z' },
});

function object(status: Status): Infrastructure {
  const spec = { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider' } };
  return {
    metadata: { name: 'x', namespace: 'ns', generation: 1 },
    spec,
    status: { observedGeneration: 1, ...status },
  };
}

/** A seed that holds one object, or none. */
function scene(status?: Status) {
  const clock = createFakeClock();
  const bell = createBell(clock);
  const stop = new AbortController();
  const seed = { object: status && object(status), reads: 0 };
  const find = async () => {
    seed.reads += 1;
    return seed.object;
  };
  const client = { find } as unknown as KubeClient;
  const waiting: Waiting = { client, clock, bell, signal: stop.signal, settings };
  const set = (next: Status | undefined): void => {
    seed.object = next && object(next);
    bell.ring('ns/x');
  };
  return { clock, stop, seed, set, waiting };
}

const settled = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: Error & { codes?: string[] }) => [error.message, error.codes],
  );

const lastError = { description: 'no access', codes: ['ERR_INFRA_UNAUTHORIZED'] };

describe('waitUntilReady', () => {
  test('looks at once when the bell rings, and does not poll in between', async () => {
    const { clock, set, seed, waiting } = scene({ lastOperation: last('Create', 'Processing') });
    const result = waitUntilReady(waiting, target, undefined);
    await clock.run(900);
    expect(seed.reads).toBe(1);
    set({ lastOperation: last('Create', 'Succeeded') });
    expect((await result).status?.lastOperation?.state).toBe('Succeeded');
    expect(seed.reads).toBe(2);
  });

  test('an object that is not there yet is waited for', async () => {
    const { clock, set, waiting } = scene();
    const result = settled(waitUntilReady(waiting, target, undefined));
    await clock.run(1_500);
    set({ lastOperation: last('Create', 'Succeeded') });
    expect(await result).toBe('resolved');
  });

  test('an error ends it only when it is there after the severe threshold, with its codes', async () => {
    const { clock, waiting } = scene({ lastError });
    const reports: string[] = [];
    const result = settled(
      waitUntilReady({ ...waiting, onNotReady: ({ reason }) => reports.push(reason) }, target, undefined),
    );
    await clock.run(2_500);
    expect(reports).toHaveLength(3);
    await clock.run(500);
    expect(await result).toEqual([expect.stringContaining('no access'), lastError.codes]);
  });

  test('an error that passes does not end it', async () => {
    const { clock, set, waiting } = scene({ lastError });
    const result = settled(waitUntilReady(waiting, target, undefined));
    await clock.run(2_500);
    set({ lastOperation: last('Create', 'Succeeded') });
    expect(await result).toBe('resolved');
  });

  test('time ends it, with the last reason', async () => {
    const { clock, waiting } = scene({ lastOperation: last('Create', 'Processing') });
    const result = settled(waitUntilReady(waiting, target, undefined));
    await clock.run(10_000);
    expect(await result).toEqual([expect.stringMatching(/Infrastructure ns\/x to become ready: .*Processing/), []]);
  });

  test('the signal ends it at once', async () => {
    const { clock, stop, waiting } = scene();
    const result = settled(waitUntilReady(waiting, target, undefined));
    await clock.run(1);
    stop.abort(new Error('stop'));
    expect(await result).toEqual(['stop', undefined]);
    expect(clock.pending).toBe(0);
  });
});

test('waitUntilDeleted is not ended early by an error, and tells it in the end', async () => {
  const { clock, waiting } = scene({ lastError });
  const result = settled(waitUntilDeleted(waiting, target));
  await clock.run(9_000);
  await clock.run(1_000);
  expect(await result).toEqual([expect.stringContaining('no access'), lastError.codes]);
});

test.each([
  ['the object is gone', undefined],
  ['the migration succeeded', { lastOperation: last('Migrate', 'Succeeded') }],
])('waitUntilMigrated ends when %s', async (_name, status) => {
  const { clock, set, waiting } = scene({ lastOperation: last('Reconcile', 'Succeeded') });
  const result = settled(waitUntilMigrated(waiting, target));
  await clock.run(1);
  set(status);
  expect(await result).toBe('resolved');
});
