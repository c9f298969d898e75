import type { ClusterSnapshot, Finding } from '../providers/doctor.ts';
import { since } from './since.ts';

const longMs = 30 * 86_400_000;

/** A rotation of authorities that nobody completes: until then the old ones are trusted. */
export function rotationFindings({ cluster, namespace }: ClusterSnapshot, now: number): readonly Finding[] {
  const { phase, lastInitiationTime } = cluster.spec.shoot.status?.credentials?.rotation?.certificateAuthorities ?? {};
  const begun = Date.parse(lastInitiationTime ?? '');
  if (!phase || phase === 'Completed' || !(now - begun > longMs)) return [];
  return [
    {
      ...{ severity: 'warning', kind: 'RotationNotCompleted', object: `Shoot ${cluster.spec.shoot.metadata.name}` },
      cluster: namespace,
      message: `the rotation of its certificate authorities began ${since(begun, now)} ago and is ${phase}`,
      advice:
        'Its owner completes it: gardener.cloud/operation=rotate-ca-complete, once all clients have the new bundle',
    },
  ];
}
