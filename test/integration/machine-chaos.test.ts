import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, inject, it, onTestFailed } from 'vitest';
import { nodes } from '../../landscape/hardware/node-resource.ts';
import { defaultFixture } from '../../landscape/metal-api/fixture.ts';
import { seededRandom } from '../../landscape/metal-api/random.ts';
import type { RunningProcess } from '../../landscape/processes/process.ts';
import { type MachineDeployment, machineDeployments, machines } from '../../src/apis/machine/machine.ts';
import { secrets } from '../../src/kube/secret.ts';
import { eventually } from '../scene/eventually.ts';
import { type MachineSeed, startMachineSeed } from '../scene/machine-seed.ts';

/** Machines come and go by the real machine-controller-manager, while `espalier machine-controller` is killed. */

/** Of all choices below and of the simulator's faults; only the processes' own timing is not repeated by it. */
const chaosSeed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1e9));
const random = seededRandom(chaosSeed);
const upTo = (count: number) => Math.floor(random() * (count + 1));
const chance = (share: number) => random() < share;

const allocate = 'POST /v1/machine/allocate';
const weather = {
  latencyMs: 5,
  jitterMs: 35,
  slow: [{ pattern: allocate, latencyMs: 700 }],
  errors: [
    { pattern: '*', rate: 0.02, status: 503 },
    { pattern: '*', rate: 0.03, status: 500 },
  ],
  lostResponses: [{ pattern: '*', rate: 0.05 }],
  // By the last letter of their names, which machine-controller-manager chooses among 27.
  hardware: [
    { hostname: '*b', boot: 'hangs' as const },
    { hostname: '*c', boot: 'crash-loops' as const },
    { hostname: '*d', runs: 'never-joins' as const },
  ],
};
const depleted = {
  ...weather,
  errors: [{ pattern: allocate, rate: 1, status: 422, message: 'unable to find machine: no machine available' }],
};

const pools = [
  { name: 'large', most: 60 },
  { name: 'small', most: 15 },
  { name: 'other', most: 25 },
];
const classes = ['first', 'second'];

let seed: MachineSeed;
let manager: RunningProcess;

beforeAll(async () => {
  seed = await startMachineSeed({
    dir: join(inject('landscapeDir'), 'machine-chaos'),
    parts: inject('parts'),
    metalApi: {
      fixture: defaultFixture({ machines: 240 }),
      timing: { provisioningMs: 30, reclaimMs: 30 },
      seed: chaosSeed,
      contract: true,
    },
    classes,
  });
  manager = await seed.startManager();
});
afterAll(async () => {
  await manager?.stop();
  await seed?.[Symbol.asyncDispose]();
});
beforeEach(() => onTestFailed(() => void process.stderr.write(`repeat with CHAOS_SEED=${chaosSeed}\n`)));

const startController = () =>
  seed.startController({
    early: true,
    flags: ['--leader-elect=false', '--machine-creation-timeout=10s', '--resource-exhausted-retry=2s'],
  });
const key = (name: string) => ({ namespace: seed.namespace, name });

function createPool(name: string): Promise<MachineDeployment> {
  const labels = { name };
  return seed.control.create(machineDeployments, {
    metadata: key(name),
    spec: {
      replicas: 0,
      minReadySeconds: 0,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '40%', maxUnavailable: 1 } },
      template: { metadata: { labels }, spec: { class: { kind: 'MachineClass', name: 'first' } } },
    },
  });
}

/** Another number of machines, or all of them anew. */
async function change({ name, most }: (typeof pools)[number]): Promise<void> {
  const { spec } = await seed.control.get(machineDeployments, key(name));
  const others = classes.filter((one) => one !== spec.template.spec.class.name);
  const patch = chance(0.3) ? { template: { spec: { class: { name: others[0] } } } } : { replicas: upTo(most) };
  await seed.control.mergePatch(machineDeployments, key(name), { spec: patch });
}

/** Resolves after so many further calls of metal-api and a moment, or when nothing more seems to be to do. */
async function somewhereIn(calls: number): Promise<void> {
  const { calls: log } = seed.metalApi;
  const end = performance.now() + 2_500;
  const goal = log.last + calls;
  while (log.last < goal && performance.now() < end) await delay(2);
  await delay(random() * 200);
}

const allocated = () =>
  [...seed.metalApi.state.machines.values()].flatMap(({ id, partitionid, allocation }) =>
    allocation ? [{ name: allocation.hostname, providerID: `metal:///${partitionid}/${id}` }] : [],
  );
const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);

/** Machines are those that the pools want, and metal-api and the shoot have exactly these. */
async function expectExactly(): Promise<void> {
  const { control, target, namespace } = seed;
  const [deployments, found, present] = await Promise.all([
    control.list(machineDeployments, { namespace }),
    control.list(machines, { namespace }),
    target.list(nodes),
  ]);
  const wanted = deployments.items.flatMap(({ metadata, spec }) =>
    Array.from({ length: spec.replicas ?? 0 }, () => `${metadata.name} ${spec.template.spec.class.name} Running`),
  );
  const are = found.items.map(
    ({ metadata, spec, status }) => `${metadata.labels?.name} ${spec.class.name} ${status?.currentStatus?.phase}`,
  );
  expect(are.sort()).toEqual(wanted.sort());
  const known = found.items.map(({ metadata, spec }) => ({ name: metadata.name, providerID: spec.providerID ?? '' }));
  expect(allocated().sort(byName)).toEqual(known.sort(byName));
  expect(present.items.map(({ metadata }) => metadata.name).sort()).toEqual(known.map(({ name }) => name));
}

it('a machine that a killed process had ordered, and that comes late, is the only one', async () => {
  const { knobs, calls } = seed.metalApi;
  await createPool('late');
  knobs.set({ slow: [{ pattern: allocate, latencyMs: 3_000 }] });
  const before = calls.last;
  const first = await startController();
  await seed.control.mergePatch(machineDeployments, key('late'), { spec: { replicas: 2 } });
  // Each is looked for before it is ordered.
  await eventually(() => expect(calls.last).toBeGreaterThanOrEqual(before + 2));
  await delay(200);
  await first.kill();
  await using _second = await startController();
  await eventually(expectExactly, 30_000);
  await seed.control.delete(machineDeployments, key('late'));
  await eventually(expectExactly);
});

it('100 machines come and go while their controller is killed', { timeout: 180_000 }, async () => {
  for (const { name } of pools) await createPool(name);
  seed.metalApi.knobs.set(weather);
  for (let round = 0; round < 14; round += 1) {
    seed.metalApi.knobs.set(round % 5 === 3 ? depleted : weather);
    const running = await startController();
    for (const pool of pools) if (round === 0 || chance(0.6)) await change(pool);
    await somewhereIn(10 + upTo(50));
    running.failure.throwIfAborted();
    await running.kill();
  }
  seed.metalApi.knobs.reset();
  await using _controller = await startController();
  await eventually(expectExactly, 90_000);
  expect(seed.metalApi.violations).toEqual([]);

  for (const { name } of pools) await seed.control.delete(machineDeployments, key(name));
  await eventually(async () => {
    await expectExactly();
    const left = await seed.target.list(secrets, { namespace: 'kube-system' });
    expect(left.items.filter(({ type }) => type === 'bootstrap.kubernetes.io/token')).toEqual([]);
  }, 30_000);
});
