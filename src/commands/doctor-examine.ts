import type { StateFact } from '../doctor/garden.ts';
import { gardenFindings, readable, stateFindings } from '../doctor/garden-findings.ts';
import type { SeenGarden } from '../doctor/garden-shoot.ts';
import { knownShoots, otherSeedFindings, strangerFindings } from '../doctor/known-shoots.ts';
import type { Report } from '../doctor/report.ts';
import type { SeedSnapshot, SeedSource } from '../doctor/seed.ts';
import { seedFindings } from '../doctor/seed-findings.ts';
import { settleSeeds, twofoldFindings } from '../doctor/seeds.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import { toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import {
  type Finding,
  isComplete,
  type ProviderDoctor,
  type ProviderView,
  type SeenSeed,
  type Unseen,
} from '../providers/doctor.ts';
import { redactText } from '../telemetry/redact.ts';
import { applyFixes } from './doctor-fix.ts';
import { type Garden, readGarden } from './doctor-garden.ts';
import { placeOf, readSeed } from './doctor-seed.ts';
import { readShoots } from './doctor-shoots.ts';
import { readStates } from './doctor-states.ts';

export interface Examination {
  readonly seeds: readonly { readonly source: SeedSource; readonly kube: KubeClient }[];
  readonly gardens: readonly Garden[];
  /** `spec.type` of the clusters, and the extension's name. */
  readonly type: string;
  readonly provider: string;
  readonly doctor: ProviderDoctor;
  readonly stuckMs: number;
  /** Do what the findings offer. */
  readonly fix: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Looks at everything, and then fixes what is asked for. What cannot be read is told of, and then nothing is fixed. */
export async function examine(options: Examination): Promise<Report> {
  const { doctor, type, clock, log, signal } = options;
  const [{ seeds, kubes, unreadSeeds, ...read }, gardens] = await Promise.all([
    readSeeds(options),
    Promise.all(options.gardens.map(({ name, client }) => readGarden({ name, kube: client, type, doctor, signal }))),
  ]);
  const profiles = gardens.flatMap(({ garden }) => garden.profiles);
  const view = await doctor.look(seen(seeds, kubes), profiles, signal);
  log.info({ unseen: view.unseen.length }, 'read what the provider holds');
  // After everything else: a Shoot is there before what is made for it.
  const shoots = await readShoots(options.gardens, log, signal);
  const where = { gardens: shoots.gardens, seeds, unreadSeeds, type };
  const uids = new Set(
    seeds.flatMap((seed) => seed.clusters.flatMap(({ cluster }) => cluster.spec.shoot.metadata.uid ?? [])),
  );
  const { states, ...stored } = await readAllStates(options, shoots.gardens, uids);
  const unseen = [read, view, shoots, stored, ...gardens].flatMap((part) => part.unseen);
  const now = clock.now();
  const found = [
    ...strangerFindings(where),
    ...otherSeedFindings(where),
    ...twofoldFindings(seeds),
    ...gardens.flatMap(({ garden }, index) => {
      const its = shoots.gardens[index];
      return its ? gardenFindings(garden, its, type, uids, now) : [];
    }),
    ...stateFindings(states),
    ...seeds.flatMap((seed) => seedFindings(withDeleting(seed, view), options.stuckMs, now)),
    ...view.findings(knownShoots(where), readable(states), now),
  ];
  const report = reportOf(seeds, found, unseen);
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

/** All seeds at once. One that does not answer leaves the others to be looked at. */
async function readSeeds(options: Examination) {
  const { log, signal } = options;
  const unseen: Unseen[] = [];
  const unreadSeeds: string[] = [];
  const reads = options.seeds.map(async ({ source, kube }) => {
    try {
      const { seed, unseen: parts } = await readSeed({ ...options, kube }, source);
      unseen.push(...parts);
      log.info({ seed: source.given ?? source.path, clusters: seed.clusters.length }, 'read a seed');
      return [{ seed, kube }];
    } catch (error) {
      signal.throwIfAborted();
      unseen.push({ what: placeOf(source), reason: toError(error).message });
      unreadSeeds.push(placeOf(source));
      return [];
    }
  });
  const read = (await Promise.all(reads)).flat();
  const settled = settleSeeds(read.map(({ seed }) => seed));
  return {
    seeds: settled.seeds,
    kubes: new Map(
      settled.seeds.flatMap(({ name }, index) => (read[index] ? [[name, read[index].kube] as const] : [])),
    ),
    unreadSeeds,
    unseen: [...unseen, ...settled.unseen],
  };
}

const seen = (seeds: readonly SeedSnapshot[], kubes: ReadonlyMap<string, KubeClient>): readonly SeenSeed[] =>
  seeds.flatMap(({ name, clusters }) => {
    const kube = kubes.get(name);
    return kube ? [{ name, kube, clusters }] : [];
  });

/** Of Shoots whose seed was looked at: of others it is not known what the provider holds for them. */
async function readAllStates(
  { gardens, signal }: Examination,
  known: readonly SeenGarden[],
  uids: ReadonlySet<string>,
): Promise<{ readonly states: readonly StateFact[]; readonly unseen: readonly Unseen[] }> {
  const reads = gardens.map((garden, index) => {
    const shoots = known[index]?.shoots ?? [];
    return readStates(
      garden,
      shoots.filter(({ metadata }) => uids.has(metadata.uid ?? '')),
      signal,
    );
  });
  const read = await Promise.all(reads);
  return { states: read.flatMap(({ states }) => states), unseen: read.flatMap(({ unseen }) => unseen) };
}

const withDeleting = (seed: SeedSnapshot, { deleting }: ProviderView): SeedSnapshot => ({
  ...seed,
  deleting: [...seed.deleting, ...(deleting.get(seed.name) ?? [])],
});

/** What others wrote may have secrets in it. */
function reportOf(seeds: readonly SeedSnapshot[], found: readonly Finding[], unseen: readonly Unseen[]): Report {
  return {
    seeds: seeds.map(({ name, clusters }) => ({ name, clusters: clusters.length })),
    findings: found.map((finding) => ({ ...finding, message: redactText(finding.message) })),
    unseen: unseen.map(({ what, reason }) => ({ what, reason: redactText(reason) })),
  };
}
