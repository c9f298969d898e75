import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Release, untilReady } from '../../landscape/charts/release.ts';
import { machines } from '../../src/apis/machine/machine.ts';
import { eventually } from '../scene/eventually.ts';
import { releasesOf, type Stage, startStage } from './charts/stage.ts';
import { commandsOf, twoBuilds } from './switch-builds/builds.ts';
import { underLoad } from './switch-builds/load.ts';
import { followTerms } from './switch-builds/terms.ts';
import { atMetalApi, machineObjects } from './whole-life/look.ts';
import { orderShoot, type UserShoot } from './whole-life/shoot.ts';

let builds: Awaited<ReturnType<typeof twoBuilds>>;
let stage: Stage;
let shoot: UserShoot;
let another: UserShoot;
beforeAll(async () => {
  const dir = join(inject('landscapeDir'), 'switch-builds');
  builds = await twoBuilds(join(dir, 'builds'));
  stage = await startStage(dir, inject('parts'), { old: builds.old, new: builds.new });
  shoot = await orderShoot(stage.garden, 'switched');
  await shoot.ready();
}, 180_000);
afterAll(() => stage?.[Symbol.asyncDispose]());

type Build = keyof typeof builds;

const eachRelease = <T>(tag: Build, work: (release: Release) => Promise<T>): Promise<T[]> =>
  Promise.all(Object.values(releasesOf(tag)).map(work));

/** What must outlive a switch: machines in the cluster and at metal-api, the firewall, and what they come from. */
async function cluster() {
  const { garden, metalApi } = stage;
  const { deployments, classes } = await machineObjects(garden, shoot.namespace);
  const { items } = await garden.list(machines, { namespace: shoot.namespace });
  const metal = atMetalApi(metalApi, await shoot.uid());
  const allocations = (of: keyof Pick<typeof metal, 'machines' | 'firewalls'>) =>
    structuredClone(metal[of].map(({ id, allocation }) => ({ id, allocation })));
  return {
    ...{ deployments, classes },
    machines: items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort(),
    allocated: allocations('machines'),
    firewalls: allocations('firewalls'),
  };
}

/** Switches both charts under load, while users want something, and sees that nobody noticed. */
async function expectSwitch(from: Build, to: Build, how: () => Promise<unknown>, meanwhile: () => Promise<unknown>) {
  const { garden } = stage;
  await using controllers = await followTerms(garden, {
    namespace: 'extension-provider-metal',
    name: 'provider-metal-leader-election',
  });
  await using admission = await followTerms(garden, {
    namespace: 'garden',
    name: 'gardener-extension-admission-metal',
  });
  const { right, wrong } = await underLoad(garden, shoot, async () => {
    await Promise.all([meanwhile(), how().then(() => eachRelease(to, (release) => untilReady(garden, release)))]);
    // The machine controller of a control plane is switched by the next reconcile of its Shoot.
    await shoot.reconcile();
    await eventually(async () => {
      expect(await commandsOf(builds[from])).toEqual([]);
      expect((await commandsOf(builds[to])).sort()).toEqual(['admission', 'controllers', 'machine-controller']);
    }, 60_000);
  });
  expect(wrong).toEqual([]);
  expect(Object.values(right)).toHaveLength(5);
  for (const answered of Object.values(right)) expect(answered).toBeGreaterThan(20);
  // Each lease was given back by the leader before, and then taken once, by a process of the other build.
  for (const { holders } of [controllers, admission]) {
    expect(holders).toEqual([expect.any(String), '', expect.any(String)]);
    expect(await commandsOf(builds[to], holders.at(-1))).toHaveLength(1);
  }
}

test('from one build to another', async () => {
  const before = await cluster();
  const [pool] = (await shoot.read()).spec.provider.workers ?? [];
  const workers = [{ ...pool, minimum: 2, maximum: 2 }];
  const upgrade = () =>
    eachRelease('new', async ({ name, chart, namespace, values }) =>
      stage.charts.helm.run(
        'upgrade',
        ...[name, chart, '--namespace', namespace],
        ...(await stage.charts.helm.values(values)),
      ),
    );
  const order = async () => {
    another = await orderShoot(stage.garden, 'meanwhile', { egressRules: [] });
    await another.ready();
  };
  await expectSwitch('old', 'new', upgrade, () =>
    Promise.all([order(), shoot.change({ spec: { provider: { workers } } })]),
  );
  const after = await cluster();
  expect(after.machines).toHaveLength(2);
  expect(after).toEqual({
    ...before,
    machines: expect.arrayContaining(before.machines),
    allocated: expect.arrayContaining(before.allocated),
  });
}, 180_000);

test('and back', async () => {
  const before = await cluster();
  const rollback = () =>
    eachRelease('old', ({ name, namespace }) => stage.charts.helm.run('rollback', name, '1', '--namespace', namespace));
  await expectSwitch('new', 'old', rollback, () => Promise.all([another.reconcile(), shoot.reconcile()]));
  expect(await cluster()).toEqual(before);
}, 180_000);
