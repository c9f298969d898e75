import { knownShoots, strangerFindings } from '../doctor/known-shoots.ts';
import type { Report } from '../doctor/report.ts';
import { seedFindings } from '../doctor/seed-findings.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import { toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import type { KubeObject } from '../kube/object.ts';
import { defineResource } from '../kube/resource.ts';
import type { ProviderDoctor, Unseen } from '../providers/doctor.ts';
import { redactText } from '../telemetry/redact.ts';
import { applyFixes } from './doctor-fix.ts';
import { readSeedSnapshot } from './doctor-seed.ts';

export interface Garden {
  /** For people. */
  readonly name: string;
  readonly client: KubeClient;
}

export interface Examination {
  /** Of the seed. */
  readonly kube: KubeClient;
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

const shoots = defineResource({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'Shoot',
  plural: 'shoots',
  namespaced: true,
});

/** Looks at everything, and then fixes what is asked for. Rejects when the seed itself cannot be read. */
export async function examine(options: Examination): Promise<Report> {
  const { doctor, stuckMs, clock, log, signal } = options;
  const seed = await readSeedSnapshot(options);
  log.info({ clusters: seed.clusters.length }, 'read the seed');
  const view = await doctor.look(seed.clusters, signal);
  log.info({ unseen: view.unseen.length }, 'read what metal-api holds');
  // After everything else: a Shoot is there before what is made for it.
  const gardens = await readGardens(options);
  const unseen = [...seed.unseen, ...view.unseen, ...gardens.unseen];
  const now = clock.now();
  const found = [
    ...strangerFindings(gardens.shoots, seed.clusters),
    ...seedFindings({ ...seed, deleting: [...seed.deleting, ...view.deleting] }, stuckMs, now),
    ...view.findings(knownShoots(gardens.shoots, seed.clusters), now),
  ];
  const findings = found.map((finding) => ({ ...finding, message: redactText(finding.message) }));
  const told = unseen.map(({ what, reason }) => ({ what, reason: redactText(reason) }));
  const report = { clusters: seed.clusters.length, findings, unseen: told };
  if (!options.fix) return report;
  if (unseen.length > 0) {
    log.warn({ unseen: unseen.length }, 'nothing is fixed as long as something could not be looked at');
    return report;
  }
  // Once more, right before something is given back. A uid that is gone does not come again.
  const again = knownShoots((await readGardens(options)).shoots, seed.clusters);
  const isGone = (clusterID: string) => again.isComplete && !again.uids.has(clusterID);
  return { ...report, findings: await applyFixes(findings, { ...options, view, isGone }) };
}

async function readGardens({ gardens, signal, log }: Pick<Examination, 'gardens' | 'signal' | 'log'>) {
  const unseen: Unseen[] = [];
  const read = gardens.map(async ({ name, client }): Promise<readonly KubeObject[] | undefined> => {
    try {
      const { items } = await client.list(shoots, { signal });
      log.info({ garden: name, shoots: items.length }, 'read a garden');
      return items.map(({ metadata }) => ({ metadata }));
    } catch (error) {
      signal.throwIfAborted();
      unseen.push({ what: `Shoots of garden ${name}`, reason: toError(error).message });
      return undefined;
    }
  });
  return { shoots: await Promise.all(read), unseen };
}
