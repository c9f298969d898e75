import type { KindFigures } from './kind.ts';

type Side = KindFigures['create'];

/** What the Go extension for metal-stack needed; the counts are exact, the rest was measured on another machine. */
export interface GoFigures {
  readonly count: number;
  readonly create: Partial<Side>;
  readonly unchanged: Partial<Side>;
  readonly peakMiB: number;
}

/** v0.27.12, 5 workers for each kind, 2 cores for everything, metal-api answering after 5 ms; all machines there at once. */
export const goFigures: Readonly<Record<'Infrastructure' | 'ControlPlane' | 'Worker', GoFigures>> = {
  Infrastructure: {
    count: 300,
    create: { seconds: 15.2, cpuSeconds: 3, writes: 1650 },
    unchanged: { writes: 1200 },
    peakMiB: 100,
  },
  ControlPlane: {
    count: 50,
    create: { seconds: 47.7, cpuSeconds: 81.7, writes: 1985 },
    unchanged: { writes: 300 },
    peakMiB: 134,
  },
  Worker: {
    count: 20,
    create: { seconds: 24.2, cpuSeconds: 0.7, writes: 322 },
    unchanged: { writes: 240, reads: 160 },
    peakMiB: 90,
  },
};
