import { defaultFixture } from '../../landscape/metal-api/fixture.ts';
import { type Machine, machines } from '../../src/apis/machine/machine.ts';
import type { MachineControllerProcess } from '../scene/machine-controller-process.ts';
import { type MachineSeed, startMachineSeed } from '../scene/machine-seed.ts';
import type { BenchOptions } from './controllers.ts';
import { startInformer } from './informer.ts';
import { describeMachines, type MachineFigures, type MachinePass } from './machines-report.ts';
import { inParallel, timed } from './pool.ts';

/** A node network has room for 1,000. */
const counts = (process.env.COUNTS ?? '1000').split(',').map((count) => Math.min(1000, Number(count)));
const metalLatencyMs = 5;
const atOnce = 32;
const className = 'bench';
/** Of the sidecar beside machine-controller-manager, and as good as none. */
const limits = [
  { title: '100 calls/s', flags: [] },
  { title: 'no limit', flags: ['--kube-api-qps=100000', '--kube-api-burst=100000'] },
];

/** Makes and deletes Machines, with a process of its own for each pass, and says what it took. */
export async function benchMachines({ dir, parts, progress }: BenchOptions): Promise<string> {
  const passes: MachinePass[] = [];
  for (const count of counts) {
    for (const { title, flags } of limits) {
      const step = progress.step(`${count} Machines, ${title}`);
      await using seed = await startMachineSeed({
        ...{ dir, parts, classes: [className], leaseMs: 3_600_000 },
        metalApi: {
          fixture: defaultFixture({ machines: Math.ceil(count * 1.5) + 3 }),
          timing: { provisioningMs: 0, reclaimMs: 0 },
          knobs: { latencyMs: metalLatencyMs },
        },
      });
      passes.push(await measurePass(seed, count, title, flags));
      step.done();
    }
  }
  return `\n${describeMachines(metalLatencyMs, passes)}`;
}

async function measurePass(
  seed: MachineSeed,
  count: number,
  title: string,
  flags: readonly string[],
): Promise<MachinePass> {
  await using running = await seed.startController({ flags });
  await using watch = await watchMachines(seed);
  const { control, namespace } = seed;
  const wanted = Array.from({ length: count }, (_, index): Machine => {
    const name = `machine-${String(index).padStart(4, '0')}`;
    return {
      metadata: { namespace, name, labels: { name: 'pool' } },
      spec: { class: { kind: 'MachineClass', name: className } },
    };
  });
  const create = await measured(seed, running, async () => {
    await inParallel(wanted, atOnce, (machine) => control.create(machines, machine));
    await watch.until((present) => present.filter(isRunning).length === count);
  });
  const remove = await measured(seed, running, async () => {
    await inParallel(wanted, atOnce, ({ metadata }) => control.delete(machines, metadata));
    await watch.until((present) => present.length === 0);
  });
  const { peakMiB } = await running.usage();
  return { count, title, create, remove, peakMiB };
}

const isRunning = ({ status }: Machine): boolean => status?.currentStatus?.phase === 'Running';

async function measured(
  { hosts, metalApi }: MachineSeed,
  running: MachineControllerProcess,
  work: () => Promise<unknown>,
): Promise<MachineFigures> {
  const before = await running.metrics();
  const { cpuSeconds: cpuBefore } = await running.usage();
  const call = metalApi.calls.last;
  const seconds = await timed(work);
  const { cpuSeconds } = await running.usage();
  const after = await running.metrics();
  const callsTo = (host: string) => callsIn(after, host) - callsIn(before, host);
  return {
    ...{ seconds, cpuSeconds: cpuSeconds - cpuBefore, metalCalls: metalApi.calls.last - call },
    ...{ controlCalls: callsTo(hosts.control), targetCalls: callsTo(hosts.target) },
  };
}

function callsIn(metrics: string, host: string): number {
  const lines = metrics.matchAll(/^rest_client_requests_total\{(.*)\} (\d+)$/gm);
  return [...lines].reduce(
    (sum, [, labels, count]) => sum + (labels?.includes(`host="${host}"`) ? Number(count) : 0),
    0,
  );
}

async function watchMachines({ control, namespace }: MachineSeed) {
  const { informer, stop } = await startInformer(control, machines, namespace);
  let changed: () => void = () => undefined;
  informer.subscribe(() => changed());
  return {
    until: (isDone: (present: readonly Machine[]) => boolean) =>
      new Promise<void>((resolve) => {
        changed = () => void (isDone(informer.list()) && resolve());
        changed();
      }),
    [Symbol.asyncDispose]: stop,
  };
}
