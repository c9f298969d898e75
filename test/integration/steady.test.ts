import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { writesBetween } from '../scene/api-requests.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import type { TestShoot } from '../scene/shoot.ts';
import { allReady } from '../scene/wait.ts';
import { inParallel, range } from './kube-kit.ts';

const count = 100;
const minuteMs = 60_000;

let seed: Seed;
let controllers: ControllersProcess;

beforeAll(async () => {
  seed = await startSeed({ dir: join(inject('landscapeDir'), 'steady'), parts: inject('parts') });
  controllers = await seed.startControllers();
  const shoots: TestShoot[] = [];
  await inParallel(range(count), async () => shoots.push(await seed.createShoot()));
  await allReady(seed.client, shoots);
});
afterAll(async () => {
  await controllers.stop();
  await seed[Symbol.asyncDispose]();
});

const idle = () => eventually(async () => expect(await controllers.metrics()).toMatch(/^workqueue_depth\{.*\} 0$/m));

async function versions(): Promise<ReadonlyMap<string, string | undefined>> {
  const { items } = await seed.client.list(infrastructures);
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}

it('a minute passes over 100 ready Infrastructures without a write and without a call of metal-api', {
  timeout: 2 * minuteMs,
}, async () => {
  await idle();
  const calls = seed.metalApi.calls.last;
  const before = await seed.requests();
  await delay(minuteMs);
  expect([...writesBetween(before, await seed.requests())]).toEqual([]);
  expect(seed.metalApi.calls.since(calls)).toEqual([]);
});

it.each(['stop', 'kill'] as const)('after a %s and a new start only what is new is worked on', async (end) => {
  const calls = seed.metalApi.calls.last;
  const before = await versions();
  await controllers[end]();
  controllers = await seed.startControllers();
  // The queue is served in order: when this one is ready, whatever the start had put before it would be done.
  const added = await seed.createShoot();
  await allReady(seed.client, [added]);
  await idle();
  const after = await versions();
  expect([...after.keys()].filter((name) => !before.has(name))).toEqual([added.key.name]);
  expect([...before].filter(([name, version]) => after.get(name) !== version)).toEqual([]);
  const operations = seed.metalApi.calls.since(calls).map(({ operation }) => operation);
  expect(operations.sort()).toEqual(['allocateNetwork', 'findIPs', 'findNetworks']);
});
