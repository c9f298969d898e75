import { expect, test } from 'vitest';
import { cluster } from '../../../apis/extensions/cluster.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { workers } from '../../../apis/extensions/resources.ts';
import { createFakeClock } from '../../../kube/fake-clock.ts';
import { createFakeLog } from '../../../kube/fake-log.ts';
import { createMemoryClient } from '../../../kube/memory/client.ts';
import { createMemoryStore } from '../../../kube/memory/store.ts';
import type { Operation } from '../../provider.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { forceDelete } from './force-delete.ts';

const minute = 60_000;
const spec = { type: 'metal', region: 'r', secretRef: { name: 'cloudprovider' } };

/** Without a config nothing can be released: what it says of that shows that it has been tried. */
async function attemptAfter(ms: number, worker: string | undefined, isDeleted = true) {
  const log = createFakeLog();
  const clock = createFakeClock();
  const deletionTimestamp = new Date(clock.now()).toISOString();
  clock.advance(ms);
  const kube = createMemoryClient({ store: createMemoryStore(clock), writer: 'test' });
  if (worker) await kube.create(workers, { metadata: { name: 's', namespace: worker }, spec: { ...spec, pools: [] } });
  const object: Infrastructure = {
    metadata: { name: 's', namespace: 'n', ...(isDeleted ? { deletionTimestamp } : {}) },
    spec,
  };
  const shoot = { metadata: { name: 's', uid: 'u' }, spec: {} };
  const events: string[] = [];
  const operation: Operation<Infrastructure> = {
    object,
    cluster: cluster.parse({ metadata: { name: 'n' }, spec: { shoot } }),
    log,
    signal: new AbortController().signal,
    checkpoint: async () => undefined,
    event: (_, reason) => void events.push(reason),
    progress: () => undefined,
    pause: (wait) => wait(operation.signal),
  };
  const metalApis = {} as MetalApiRegistry;
  await forceDelete(operation, { kube, clock, log, metalApis });
  return events;
}

test.each<[string, number, string | undefined, boolean]>([
  ['the Worker is gone', 0, undefined, true],
  ['only another cluster has a Worker', 0, 'other', true],
  ['the Worker stays for ever', 10 * minute, 'n', true],
  ['nobody deletes it', 0, 'n', false],
])('releases when %s', async (_, ms, worker, isDeleted) => {
  expect(await attemptAfter(ms, worker, isDeleted)).toEqual(['NotReleased']);
});

test.each([0, 10 * minute - 1])('waits for the Worker, whose machines use the network: after %i ms', async (ms) => {
  await expect(attemptAfter(ms, 'n')).rejects.toMatchObject({
    message: expect.stringContaining('waits until the Worker is gone'),
    retryAfterMs: 2_000,
  });
});
