import type { Finding } from '../providers/doctor.ts';
import { certificateFindings } from './certificates.ts';
import { imageFindings } from './images.ts';
import { leaseFindings } from './leases.ts';
import { machineClassFindings } from './machine-classes.ts';
import { operationFindings } from './operations.ts';
import { rotationFindings } from './rotation.ts';
import type { SeedSnapshot } from './seed.ts';
import { stuckFindings } from './stuck.ts';
import { webhookTargetFindings } from './webhook-targets.ts';

/** Everything that the seed alone shows. Pure; times in milliseconds. */
export function seedFindings(seed: SeedSnapshot, stuckMs: number, now: number): readonly Finding[] {
  const found = [
    ...seed.clusters.flatMap((cluster) => [
      ...operationFindings(cluster, now),
      ...machineClassFindings(cluster, now),
      ...rotationFindings(cluster, now),
      ...imageFindings(cluster, now),
    ]),
    ...stuckFindings(seed.deleting, stuckMs, now),
    ...certificateFindings(seed.certificates, now),
    ...leaseFindings(seed.leases, now),
    ...webhookTargetFindings(seed.webhookTargets),
  ];
  return found.map((finding) => ({ ...finding, seed: seed.name }));
}
