import * as z from 'zod';
import type { Cluster } from '../../apis/extensions/cluster.ts';

const rotation = z
  .looseObject({
    lastInitiationTime: z.string().nullish(),
    pendingWorkersRollouts: z
      .array(z.looseObject({ name: z.string(), lastInitiationTime: z.string().nullish() }))
      .nullish(),
  })
  .nullish();

/** The part of the Shoot that hashes of pools are made from. */
const slice = z.looseObject({
  spec: z.looseObject({
    kubernetes: z
      .looseObject({
        version: z.string().nullish(),
        kubeProxy: z.looseObject({ mode: z.string().nullish() }).nullish(),
      })
      .nullish(),
    systemComponents: z
      .looseObject({ nodeLocalDNS: z.looseObject({ enabled: z.boolean().nullish() }).nullish() })
      .nullish(),
    provider: z
      .looseObject({
        workers: z
          .array(
            z.looseObject({ name: z.string().nullish(), cri: z.looseObject({ name: z.string().nullish() }).nullish() }),
          )
          .nullish(),
      })
      .nullish(),
  }),
  status: z
    .looseObject({
      credentials: z
        .looseObject({
          rotation: z.looseObject({ certificateAuthorities: rotation, serviceAccountKey: rotation }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** What of the Shoot goes into the hash of one of its pools. */
export interface ShootFacts {
  readonly kubernetesVersion: string | undefined;
  readonly criName: string | undefined;
  /** When the rotations of CA and service account key that the pool has to follow were begun; RFC 3339. */
  readonly rotations: readonly string[];
  readonly nodeLocalDNS: boolean;
  readonly ipvs: boolean;
}

export function shootFacts(cluster: Cluster, pool: string): ShootFacts {
  const { spec, status } = slice.parse(cluster.spec.shoot);
  const { certificateAuthorities, serviceAccountKey } = status?.credentials?.rotation ?? {};
  return {
    kubernetesVersion: spec.kubernetes?.version ?? undefined,
    criName: spec.provider?.workers?.find(({ name }) => name === pool)?.cri?.name ?? undefined,
    rotations: [certificateAuthorities, serviceAccountKey].flatMap((rotated) => begun(rotated, pool) ?? []),
    nodeLocalDNS: spec.systemComponents?.nodeLocalDNS?.enabled ?? false,
    ipvs: spec.kubernetes?.kubeProxy?.mode === 'IPVS',
  };
}

/** A pool whose machines are rolled on its own follows its own time as long as that is pending. */
function begun(rotated: z.infer<typeof rotation>, pool: string): string | undefined {
  const pending = rotated?.pendingWorkersRollouts?.find(({ name }) => name === pool);
  return (pending ?? rotated)?.lastInitiationTime ?? undefined;
}
