import { writesBetween } from '../scene/api-requests.ts';
import type { Seed } from '../scene/seed.ts';
import { measureFloor } from './floor.ts';
import { inParallel, timed } from './pool.ts';
import { watchReady } from './ready-times.ts';

export interface InfrastructureFigures {
  readonly count: number;
  readonly floorSeconds: number;
  readonly readySeconds: number;
  readonly cpuMsEach: number;
  readonly peakMiB: number;
  readonly writesEach: number;
  readonly reconcileSeconds: number;
  readonly reconcileWritesEach: number;
  readonly metalCallsEach: number;
  readonly conflicts: number;
}

const workers = 5;
/** How many are ordered at once: more than workers, so that the controller is what is waited for. */
const orders = 16;

/** Create-to-ready and an unchanged reconcile of `count` Infrastructures, beside the floor on as many others. */
export async function measureInfrastructures(seed: Seed, count: number): Promise<InfrastructureFigures> {
  const prepare = () => inParallel(Array.from({ length: count }), orders, () => seed.prepareShoot());
  const forFloor = await inParallel(await prepare(), orders, (shoot) => shoot.order());
  const floorSeconds = await measureFloor(seed, forFloor, workers);

  const prepared = await prepare();
  await using controllers = await seed.startControllers({ name: `controllers-${count}` });
  const watch = await watchReady(seed.client);
  const started = await controllers.usage();
  const before = await seed.requests();
  const call = seed.metalApi.calls.last;
  let shoots: Awaited<ReturnType<(typeof prepared)[number]['order']>>[] = [];
  const readySeconds = await timed(async () => {
    shoots = await inParallel(prepared, orders, (shoot) => shoot.order());
    await watch.all(shoots);
  });
  const created = await seed.requests();
  const usage = await controllers.usage();
  const metalCallsEach = (seed.metalApi.calls.last - call) / count;

  const reconcileSeconds = await timed(async () => {
    await inParallel(shoots, orders, (shoot) => shoot.ask('reconcile'));
    await watch.all(shoots);
  });
  const reconciled = await seed.requests();
  const peak = await controllers.usage();
  await watch.close();

  const writes = sum(writesBetween(before, created));
  const conflicts = [...writesBetween(before, reconciled)].filter(([key]) => key.endsWith(' 409'));
  return {
    count,
    floorSeconds,
    readySeconds,
    cpuMsEach: ((usage.cpuSeconds - started.cpuSeconds) * 1000) / count,
    peakMiB: peak.peakMiB,
    // The order itself, and the request to reconcile, are the bench's own writes.
    writesEach: writes / count - 1,
    reconcileSeconds,
    reconcileWritesEach: sum(writesBetween(created, reconciled)) / count - 1,
    metalCallsEach,
    conflicts: sum(new Map(conflicts)),
  };
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
