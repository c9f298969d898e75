import { gardenFindings, readable, stateFindings } from '../doctor/garden-findings.ts';
import { knownShoots, otherSeedFindings, strangerFindings } from '../doctor/known-shoots.ts';
import type { Report } from '../doctor/report.ts';
import type { SeedSnapshot } from '../doctor/seed.ts';
import { seedFindings } from '../doctor/seed-findings.ts';
import { shootsOf, twofoldFindings } from '../doctor/seeds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import { type Finding, isComplete, type ProviderDoctor, type SeenSeed, type Unseen } from '../providers/doctor.ts';
import { redactText } from '../telemetry/redact.ts';
import { applyFixes } from './doctor-fix.ts';
import { readGardens } from './doctor-garden.ts';
import type { Garden } from './doctor-lists.ts';
import { readSeeds, type SeedsReader } from './doctor-seeds.ts';
import { readShoots } from './doctor-shoots.ts';
import { readStates } from './doctor-states.ts';

export interface Examination extends SeedsReader {
  readonly gardens: readonly Garden[];
  readonly doctor: ProviderDoctor;
  readonly stuckMs: number;
  /** Do what the findings offer. */
  readonly fix: boolean;
  readonly clock: Clock;
}

/** Looks at everything, and then fixes what is asked for. What cannot be read is told of, and then nothing is fixed. */
export async function examine(options: Examination): Promise<Report> {
  const { doctor, type, clock, log, signal } = options;
  const [read, gardens] = await Promise.all([readSeeds(options), readGardens(options)]);
  const { seeds, kubes, unreadSeeds } = read;
  const view = await doctor.look(seen(seeds, kubes), gardens.profiles, signal);
  log.info({ unseen: view.unseen.length }, 'read what the provider holds');
  // After everything else: a Shoot is there before what is made for it.
  const shoots = await readShoots(options.gardens, log, signal);
  const stored = await readStates(shoots.gardens, shootsOf(seeds), signal);
  const unseen = [read, gardens, view, shoots, stored].flatMap((part) => part.unseen);
  const where = { gardens: shoots.gardens, seeds, unreadSeeds, type };
  const now = clock.now();
  const found = [
    ...strangerFindings(where),
    ...otherSeedFindings(where),
    ...twofoldFindings(seeds),
    ...gardens.snapshots.flatMap((garden) => gardenFindings(garden, where, now)),
    ...stateFindings(stored.states),
    ...seeds.flatMap((seed) => {
      const deleting = [...seed.deleting, ...(view.deleting.get(seed.name) ?? [])];
      return seedFindings({ ...seed, deleting }, options.stuckMs, now);
    }),
    ...view.findings(knownShoots(where), readable(stored.states), now),
  ];
  const report = reportOf(options.seeds.length, seeds, found, unseen);
  if (!options.fix) return report;
  if (unseen.length > 0) {
    log.warn({ unseen: unseen.length }, 'nothing is fixed as long as something could not be looked at');
    return report;
  }
  // Once more, right before something is given back. A uid that is gone does not come again.
  const again = knownShoots({ ...where, gardens: (await readShoots(options.gardens, log, signal)).gardens });
  const isGone = (clusterID: string) => isComplete(again) && !again.uids.has(clusterID);
  return { ...report, findings: await applyFixes(report.findings, { kubes, view, isGone, log, signal }) };
}

const seen = (seeds: readonly SeedSnapshot[], kubes: ReadonlyMap<string, KubeClient>): readonly SeenSeed[] =>
  seeds.flatMap(({ name, clusters }) => {
    const kube = kubes.get(name);
    return kube ? [{ name, kube, clusters }] : [];
  });

/** What others wrote may have secrets in it. */
function reportOf(
  asked: number,
  seeds: readonly SeedSnapshot[],
  found: readonly Finding[],
  unseen: readonly Unseen[],
): Report {
  return {
    asked,
    seeds: seeds.map(({ name, clusters }) => ({ name, clusters: clusters.length })),
    findings: found.map((finding) => ({ ...finding, message: redactText(finding.message) })),
    unseen: unseen.map(({ what, reason }) => ({ what, reason: redactText(reason) })),
  };
}
