import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFailed } from 'vitest';
import { seededRandom } from '../../landscape/metal-api/random.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { leases } from '../../src/kube/lease.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { networksOf } from '../scene/metal-stock.ts';
import { type Population, settle } from '../scene/population.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import { allGone, allReady } from '../scene/wait.ts';

/** Of all choices below and of the simulator's faults; only the processes' own timing is not repeated by it. */
const chaosSeed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1e9));
const random = seededRandom(chaosSeed);
const upTo = (count: number) => Math.floor(random() * (count + 1));
const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];

const weather = {
  latencyMs: 5,
  jitterMs: 35,
  errors: [
    { pattern: '*', rate: 0.03, status: 503 },
    { pattern: '*', rate: 0.02, status: 500 },
  ],
  lostResponses: [{ pattern: '*', rate: 0.04 }],
};

let seed: Seed;

beforeAll(async () => {
  const metalApi = { contract: true, seed: chaosSeed };
  seed = await startSeed({ dir: join(inject('landscapeDir'), 'chaos'), parts: inject('parts'), metalApi });
});
afterAll(() => seed[Symbol.asyncDispose]());
beforeEach(() => onTestFailed(() => void process.stderr.write(`repeat with CHAOS_SEED=${chaosSeed}\n`)));

/** Resolves after so many further calls of metal-api and a moment, or when nothing more seems to be to do. */
async function somewhereIn(calls: number): Promise<void> {
  const end = performance.now() + 2_500;
  const goal = seed.metalApi.calls.last + calls;
  while (seed.metalApi.calls.last < goal && performance.now() < end) await delay(2);
  await delay(random() * 40);
}

/** What gardenlet asks for at once in one round: new Shoots, the end of others in whatever state, reconciliations. */
function order(population: Population, creations: number, deletions: number): Promise<unknown> {
  const asked: Promise<unknown>[] = [];
  for (let index = 0; index < deletions; index++) {
    const member = pick(population.members.filter(({ deleted }) => !deleted));
    if (member) asked.push(population.delete(member));
  }
  const again = pick(population.live);
  if (again) asked.push(again.ask('reconcile'));
  for (let index = 0; index < creations; index++) asked.push(population.create());
  return Promise.all(asked);
}

async function expectSettled(population: Population): Promise<void> {
  await allReady(seed.client, population.live);
  await allGone(seed.client, population.deleted);
}

/** Metal-api holds what the live Shoots need, and each Infrastructure names its network. */
async function expectExactly(population: Population): Promise<void> {
  expect(population.faults()).toEqual([]);
  for (const { key, uid } of population.live) {
    const { status } = await seed.client.get(infrastructures, key);
    expect(networksOf(seed.metalApi, uid).map(({ prefixes }) => prefixes)).toEqual([[status?.nodesCIDR]]);
  }
  expect(seed.metalApi.violations).toEqual([]);
}

it('30 Shoots come and half of them go while the controllers are killed again and again', async () => {
  const population = await settle(seed, 30);
  seed.metalApi.knobs.set(weather);
  for (let round = 0; round < 12; round++) {
    await using running = await seed.startControllers({ name: 'storm', early: true });
    const ordered = order(population, round < 6 ? 3 : 2, round < 3 ? 0 : 1 + upTo(1));
    await somewhereIn(2 + upTo(20));
    running.failure.throwIfAborted();
    await running.kill();
    await ordered;
    await population.useServices();
  }
  seed.metalApi.knobs.reset();
  await using _controllers = await seed.startControllers({ name: 'storm', early: true });
  await expectSettled(population);
  expect(population.surplus()).toBe(0);
  await expectExactly(population);

  await Promise.all(population.live.map((shoot) => shoot.ask('reconcile')));
  await expectSettled(population);
  await expectExactly(population);
});

it('networks that a killed process had ordered, and that come late, are found and freed', async () => {
  const { knobs, calls } = seed.metalApi;
  const population = await settle(seed, 2);
  const before = calls.last;
  const pattern = 'POST /v1/network/allocate';
  knobs.set({ slow: [{ pattern, latencyMs: 4_000 }], next: [{ pattern, times: 2, lost: true }] });
  {
    await using first = await seed.startControllers({ name: 'late', early: true });
    await order(population, 2, 0);
    await eventually(() => expect(knobs.settings.next).toEqual([]));
    await first.kill();
  }
  knobs.reset();
  await using _second = await seed.startControllers({ name: 'late', early: true });
  await allReady(seed.client, population.live);
  await eventually(() => expect(calls.since(before).filter(({ fault }) => fault === 'lost')).toHaveLength(2));
  const [reconciled, deleted] = population.members;
  if (deleted) await population.delete(deleted);
  await reconciled?.shoot.ask('reconcile');
  await expectSettled(population);
  await expectExactly(population);
});

describe('two replicas', () => {
  const holder = async () =>
    (await seed.client.find(leases, { namespace: 'default', name: 'provider-metal-leader-election' }))?.spec
      ?.holderIdentity ?? '';
  const leads = ({ pid }: ControllersProcess) =>
    eventually(async () => expect(await holder()).toContain(`-${pid}-`), 30_000);

  it('lose nothing when the leader is killed, and then the other', async () => {
    const population = await settle(seed, 10);
    let leader = await seed.startControllers({ name: 'replica', early: true });
    await leads(leader);
    seed.metalApi.knobs.set({ ...weather, latencyMs: 2, jitterMs: 8 });
    for (let round = 0; round < 4; round++) {
      const other = await seed.startControllers({ name: 'replica' });
      const ordered = order(population, 2, upTo(1));
      await somewhereIn(1 + upTo(6));
      await leader.kill();
      await ordered;
      await population.useServices();
      await leads(other);
      leader = other;
    }
    seed.metalApi.knobs.reset();
    await order(population, 2, 1);
    await expectSettled(population);
    await expectExactly(population);
    await leader.stop();
  });
});
