import { table } from './table.ts';

/** What it took to bring all machines of a pass to one state. */
export interface MachineFigures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly controlCalls: number;
  readonly targetCalls: number;
  readonly metalCalls: number;
}

export interface MachinePass {
  readonly count: number;
  /** Of the limit of calls. */
  readonly title: string;
  readonly create: MachineFigures;
  readonly remove: MachineFigures;
  readonly peakMiB: number;
}

export function describeMachines(metalLatencyMs: number, passes: readonly MachinePass[]): string {
  const introduction = `metal-api answers after ${metalLatencyMs} ms, machines join at once; calls are those of espalier machine-controller.`;
  const row = (name: string, show: (pass: MachinePass) => string) => [name, ...passes.map(show)];
  const rows = (title: string, side: 'create' | 'remove') => {
    const each = (name: keyof MachineFigures) => (pass: MachinePass) => (pass[side][name] / pass.count).toFixed(2);
    return [
      row(title, (pass) => `${pass[side].seconds.toFixed(1)} s`),
      row('  Machines in a second', (pass) => (pass.count / pass[side].seconds).toFixed(0)),
      row('  CPU, each', (pass) => `${((pass[side].cpuSeconds * 1000) / pass.count).toFixed(1)} ms`),
      row('  calls to the seed, each', each('controlCalls')),
      row('  calls to the shoot, each', each('targetCalls')),
      row('  metal-api calls, each', each('metalCalls')),
    ];
  };
  const report = table([
    row('Machines', ({ count }) => String(count)),
    row('', ({ title }) => title),
    ...rows('create to all Running', 'create'),
    ...rows('delete to all gone', 'remove'),
    row('peak memory', ({ peakMiB }) => `${peakMiB.toFixed(0)} MiB`),
  ]);
  return `${introduction}\n\n${report}\n`;
}
