import { setTimeout as delay } from 'node:timers/promises';
import type { Parts } from '../../landscape/parts/catalog.ts';
import type { Progress } from '../../landscape/progress.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { controlPlanes, infrastructures, workers } from '../../src/apis/extensions/resources.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import { type ControllersFigures, describeControllers, type Pass } from './controllers-report.ts';
import { measureFloor } from './floor.ts';
import { measureKind } from './kind.ts';
import { playMachines } from './machine-player.ts';
import { inParallel } from './pool.ts';
import { untilQuiet } from './quiet.ts';
import { requestsBetween } from './requests.ts';
import { playResources } from './resource-player.ts';
import { measureRestarts } from './restart.ts';
import { type BenchShoot, controllersConfig, furnishSeed, prepareShoot, readBlueprint } from './shoots.ts';

const counts = (process.env.COUNTS ?? '50,100,300').split(',').map(Number);
const idleSeconds = Number(process.env.IDLE_SECONDS ?? '60');
const metalLatencyMs = 5;
/** Of the controllers, for each kind. */
const concurrency = 5;
const atOnce = 16;

export interface BenchOptions {
  readonly dir: string;
  readonly parts: Parts;
  readonly progress: Progress;
}

/** Takes Shoots through Infrastructure, ControlPlane and Worker, and says what it took. */
export async function benchControllers(options: BenchOptions): Promise<string> {
  const passes: Pass[] = [];
  let idle: ControllersFigures['idle'];
  for (const count of counts) {
    await onFreshSeed(options, `${count} Shoots`, async (seed) => {
      const { pass, config } = await measurePass(seed, count);
      passes.push(pass);
      if (idleSeconds === 0 || count !== counts[0]) return;
      idle = { seconds: idleSeconds, shoots: count, writes: await measureIdle(seed, config) };
    });
  }
  const restart = await onFreshSeed(options, 'restarts', measureRestarts);
  return `\n${describeControllers({ metalLatencyMs, passes, idle, restart })}`;
}

/** Each measurement gets a seed of its own, so that none inherits the objects of another. */
async function onFreshSeed<T>(
  { dir, parts, progress }: BenchOptions,
  title: string,
  measure: (seed: Seed) => Promise<T>,
): Promise<T> {
  const step = progress.step(title);
  await using seed = await startSeed({ dir, parts });
  seed.metalApi.knobs.set({ latencyMs: metalLatencyMs });
  const result = await measure(seed);
  step.done();
  return result;
}

/** Kind after kind, as gardenlet orders them, each by a process of its own: its memory and CPU are for this kind. */
async function measurePass(seed: Seed, count: number): Promise<{ pass: Pass; config: object }> {
  const each = Array.from({ length: count });
  const forFloor = await inParallel(each, atOnce, async () => (await seed.prepareShoot()).order());
  const infrastructureFloorSeconds = await measureFloor(seed, forFloor, concurrency);

  const blueprint = await readBlueprint(seed.metalApi.url);
  const config = controllersConfig(blueprint);
  await furnishSeed(seed.client);
  const shoots = await inParallel(each, atOnce, () => prepareShoot(seed, blueprint));
  const players = await Promise.all([playResources(seed.client), playMachines(seed.client)]);
  const measure = <T extends ExtensionObject>(resource: Resource<T>, objectOf: (shoot: BenchShoot) => KubeObject) =>
    measureKind(seed, {
      resource,
      objects: shoots.map(objectOf),
      config,
      ownWrites: () => players.reduce((sum, { writes }) => sum + writes, 0),
    });
  const infrastructure = await measure(infrastructures, (shoot) => shoot.infrastructure);
  const controlPlane = await measure(controlPlanes, (shoot) => shoot.controlPlane);
  const worker = await measure(workers, (shoot) => shoot.worker);
  await Promise.all(players.map((player) => player.stop()));
  const kinds = { Infrastructure: infrastructure, ControlPlane: controlPlane, Worker: worker };
  return { pass: { count, infrastructureFloorSeconds, kinds }, config };
}

/** From the start of a process on: it finds all as another has left it. */
async function measureIdle(seed: Seed, config: object): Promise<number> {
  await untilQuiet(seed);
  const before = await seed.requests();
  const call = seed.metalApi.calls.last;
  await using _controllers = await seed.startControllers({ config });
  await delay(idleSeconds * 1000);
  return requestsBetween(before, await seed.requests()).writes + (seed.metalApi.calls.last - call);
}
