import { type GoFigures, goFigures } from './go-figures.ts';
import type { KindFigures } from './kind.ts';
import type { RestartFigures } from './restart.ts';
import { table } from './table.ts';

/** One number of objects, through all kinds. */
export interface Pass {
  readonly count: number;
  readonly infrastructureFloorSeconds: number;
  readonly kinds: Readonly<Record<keyof typeof goFigures, KindFigures>>;
}

export interface ControllersFigures {
  readonly metalLatencyMs: number;
  readonly passes: readonly Pass[];
  readonly idle: { readonly seconds: number; readonly shoots: number; readonly writes: number } | undefined;
  readonly restart: RestartFigures;
}

const seconds = (value: number) => `${value.toFixed(2)} s`;

export function describeControllers({ metalLatencyMs, passes, idle, restart }: ControllersFigures): string {
  const kinds = (Object.keys(goFigures) as (keyof typeof goFigures)[]).map((kind) => describeKind(kind, passes));
  const others = table([
    ['start to ready', seconds(restart.readySeconds)],
    ['start to first reconcile, no lease yet', seconds(restart.firstSeconds)],
    ['start to first reconcile, after SIGTERM', seconds(restart.afterTermSeconds)],
    ['start to first reconcile, after kill -9', seconds(restart.afterKillSeconds)],
    ...(idle
      ? [[`writes and metal-api calls in ${idle.seconds} s from a start, ${idle.shoots} Shoots`, String(idle.writes)]]
      : []),
  ]);
  const introduction =
    `metal-api answers after ${metalLatencyMs} ms; 5 workers for each kind; everything on this machine.\n` +
    'Go: the Go extension on another machine. Seconds and CPU do not travel between machines, counts do.';
  return [introduction, ...kinds, `${others}\n`].join('\n\n');
}

function describeKind(kind: keyof typeof goFigures, passes: readonly Pass[]): string {
  const go = goFigures[kind];
  const figures = passes.map(({ kinds }) => kinds[kind]);
  const nearest = figures.toSorted((a, b) => Math.abs(a.count - go.count) - Math.abs(b.count - go.count))[0];
  const row = (
    name: string,
    show: (value: number) => string,
    pick: (of: KindFigures | GoFigures) => number | undefined,
  ) => {
    const [ours, theirs] = [nearest && pick(nearest), pick(go)];
    const ratio = ours === undefined || theirs === undefined ? '' : `${(ours / theirs).toFixed(2)}x`;
    const cells = [...figures, go].map(pick).map((value) => (value === undefined ? '' : show(value)));
    return [name, ...cells, ratio];
  };
  const each = (side: 'create' | 'unchanged', name: keyof KindFigures['create']) => (of: KindFigures | GoFigures) => {
    const value = of[side][name];
    return value === undefined ? undefined : value / of.count;
  };
  const ms = (value: number) => `${(value * 1000).toFixed(1)} ms`;
  const exact = (value: number) => value.toFixed(2);
  const floor = passes.map((pass) => seconds(pass.infrastructureFloorSeconds));
  return table([
    [`${kind}s`, ...figures.map(({ count }) => String(count)), `Go, ${go.count}`, `to Go`],
    row('create to all ready', seconds, (of) => of.create.seconds).with(-1, ''),
    ...(kind === 'Infrastructure' ? [['  floor: the same calls, no controller', ...floor, '', '']] : []),
    row('  for each', ms, each('create', 'seconds')),
    row('  CPU, each', ms, each('create', 'cpuSeconds')),
    row('  API writes, each', exact, each('create', 'writes')),
    row('  API reads, each', exact, each('create', 'reads')),
    row('  metal-api calls, each', exact, each('create', 'metalCalls')),
    row('  conflicts', String, (of) => of.create.conflicts),
    row('unchanged reconcile of all', seconds, (of) => of.unchanged.seconds),
    row('  CPU, each', ms, each('unchanged', 'cpuSeconds')),
    row('  API writes, each', exact, each('unchanged', 'writes')),
    row('  API reads, each', exact, each('unchanged', 'reads')),
    row('  metal-api calls, each', exact, each('unchanged', 'metalCalls')),
    row('  conflicts', String, (of) => of.unchanged.conflicts),
    row(
      'peak memory',
      (value) => `${value.toFixed(0)} MiB`,
      (of) => of.peakMiB,
    ),
  ]);
}
