import { setTimeout as delay } from 'node:timers/promises';
import type { Parts } from '../../landscape/parts/catalog.ts';
import type { Progress } from '../../landscape/progress.ts';
import { writesBetween } from '../scene/api-requests.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import { type InfrastructureFigures, measureInfrastructures } from './infrastructure.ts';
import { measureRestarts, type RestartFigures } from './restart.ts';
import { table } from './table.ts';

const counts = (process.env.COUNTS ?? '100,300').split(',').map(Number);
const idleSeconds = Number(process.env.IDLE_SECONDS ?? '60');
const metalLatencyMs = 5;

export interface BenchOptions {
  readonly dir: string;
  readonly parts: Parts;
  readonly progress: Progress;
}

/** Runs the controllers beside the floor, and says what came out. */
export async function benchControllers(options: BenchOptions): Promise<string> {
  const figures: InfrastructureFigures[] = [];
  let idleWrites: number | undefined;
  for (const count of counts) {
    await onFreshSeed(options, `${count} Infrastructures`, async (seed) => {
      figures.push(await measureInfrastructures(seed, count));
      if (idleSeconds > 0 && count === counts[0]) idleWrites = await measureIdle(seed);
    });
  }
  const restarts = await onFreshSeed(options, 'restarts', measureRestarts);
  return report(figures, restarts, idleWrites);
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

async function measureIdle(seed: Seed): Promise<number> {
  await using _controllers = await seed.startControllers();
  const before = await seed.requests();
  const call = seed.metalApi.calls.last;
  await delay(idleSeconds * 1000);
  const writes = [...writesBetween(before, await seed.requests()).values()].reduce((a, b) => a + b, 0);
  return writes + (seed.metalApi.calls.last - call);
}

function report(
  all: readonly InfrastructureFigures[],
  restart: RestartFigures,
  idleWrites: number | undefined,
): string {
  const seconds = (value: number) => `${value.toFixed(2)} s`;
  const row = (name: string, cell: (figure: InfrastructureFigures) => string) => [name, ...all.map(cell)];
  const main = table([
    row('Infrastructures', (figure) => String(figure.count)),
    row('create to all ready', (figure) => seconds(figure.readySeconds)),
    row('  floor: the same calls, no controller', (figure) => seconds(figure.floorSeconds)),
    row('  ratio', (figure) => `${(figure.readySeconds / figure.floorSeconds).toFixed(2)}x`),
    row('unchanged reconcile of all', (figure) => seconds(figure.reconcileSeconds)),
    row('CPU of the controllers, each', (figure) => `${figure.cpuMsEach.toFixed(1)} ms`),
    row('peak memory', (figure) => `${figure.peakMiB.toFixed(0)} MiB`),
    row('API writes, each create', (figure) => figure.writesEach.toFixed(2)),
    row('API writes, each unchanged reconcile', (figure) => figure.reconcileWritesEach.toFixed(2)),
    row('metal-api calls, each create', (figure) => figure.metalCallsEach.toFixed(2)),
    row('conflicts', (figure) => String(figure.conflicts)),
  ]);
  const others = table([
    ['start to ready', seconds(restart.readySeconds)],
    ['start to first reconcile, no lease yet', seconds(restart.firstSeconds)],
    ['start to first reconcile, after SIGTERM', seconds(restart.afterTermSeconds)],
    ['start to first reconcile, after kill -9', seconds(restart.afterKillSeconds)],
    ...(idleWrites === undefined
      ? []
      : [[`writes and metal-api calls in ${idleSeconds} s, ${2 * (counts[0] ?? 0)} ready`, String(idleWrites)]]),
  ]);
  return `\nmetal-api answers after ${metalLatencyMs} ms; 5 workers; everything on this machine.\n\n${main}\n\n${others}\n`;
}
