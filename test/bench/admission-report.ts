import type { AdmissionFigures } from './admission.ts';
import { table } from './table.ts';

export function describeAdmission(figures: AdmissionFigures): string {
  const reviews = table([
    ['Admission over TLS', 'connections', 'req/s', 'p50 ms', 'p99 ms', 'CPU ms', 'bare req/s', 'CPU ms', 'ratio'],
    ...figures.reviews.map((review) => [
      review.title,
      String(review.connections),
      review.perSecond.toFixed(0),
      review.p50Ms.toFixed(2),
      review.p99Ms.toFixed(2),
      review.cpuMs.toFixed(2),
      review.floorPerSecond.toFixed(0),
      review.floorCpuMs.toFixed(2),
      (review.perSecond / review.floorPerSecond).toFixed(2),
    ]),
  ]);
  const others = table([
    ['start to ready', `${figures.startSeconds.toFixed(2)} s`],
    ['start to ready, no certificates yet', `${figures.firstStartSeconds.toFixed(2)} s`],
    ['memory when ready', `${figures.idleMiB.toFixed(0)} MiB`],
    ['memory after load', `${figures.loadedMiB.toFixed(0)} MiB`],
    ['peak memory', `${figures.peakMiB.toFixed(0)} MiB`],
  ]);
  return `\nbare: node:https that parses the same body and answers a constant.\n\n${reviews}\n\n${others}\n`;
}
