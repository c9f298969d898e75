import type { ClusterSnapshot, Finding, KnownShoots } from '../providers/doctor.ts';
import { type SeenGarden, seedsOf } from './garden-shoot.ts';
import type { SeedSnapshot } from './seed.ts';

/** Where clusters can be. */
export interface Whereabouts {
  readonly gardens: readonly SeenGarden[];
  readonly seeds: readonly SeedSnapshot[];
  /** Names of seeds that were asked for and could not be read. */
  readonly unreadSeeds: readonly string[];
  /** `spec.provider.type` of the Shoots. */
  readonly type: string;
}

/**
 * Which Shoots there are. If a garden does not know a cluster of a seed, it is not the (only) one, and nothing is known for
 * certain of any other cluster. A seed that was not looked at may have what is left of a Shoot that no garden has.
 */
export function knownShoots(where: Whereabouts): KnownShoots {
  const { gardens, seeds, unreadSeeds } = where;
  const isRead = gardens.length > 0 && gardens.every(({ shoots }) => shoots !== undefined);
  return {
    uids: uidsOf(gardens),
    areGardensComplete: isRead && strangers(gardens, seeds).length === 0,
    otherSeeds: [...new Set([...unreadSeeds, ...unseenSeeds(where).map(({ label }) => label)])].sort(),
  };
}

/** Clusters of the seeds whose Shoot none of the gardens has. Nothing is said while a garden could not be read. */
export function strangerFindings({ gardens, seeds }: Whereabouts): readonly Finding[] {
  if (gardens.length === 0 || gardens.some(({ shoots }) => shoots === undefined)) return [];
  return strangers(gardens, seeds).map(({ seed, namespace, cluster }) => {
    const { name, namespace: project = '', uid = '' } = cluster.spec.shoot.metadata;
    return {
      ...{ severity: 'error', kind: 'ShootUnknown', object: `Shoot ${project}/${name}`, seed, cluster: namespace },
      message: `no garden of --garden-kubeconfig has a Shoot with the uid ${uid} of this Cluster`,
      advice: 'Name its garden as well. As long as it is missing, nothing at metal-api counts as leaked',
    };
  });
}

/** Seeds of the gardens that have Shoots of the type, and whose clusters were not looked at. */
export function otherSeedFindings(where: Whereabouts): readonly Finding[] {
  return unseenSeeds(where).map(({ garden, seed, count }) => ({
    ...{ severity: 'info', kind: 'SeedNotLookedAt', object: `Seed ${seed}`, garden, cluster: '' },
    message: `has ${count} ${count === 1 ? 'Shoot' : 'Shoots'} of type ${where.type}, and none of them was looked at`,
    advice: 'Name its kubeconfig with --kubeconfig. As long as it is missing, nothing at metal-api counts as leaked',
  }));
}

/**
 * A seed counts as looked at when one of that name has a cluster of this garden: seeds of two gardens may have one name,
 * and a name may have been given to the wrong kubeconfig.
 */
function unseenSeeds({ gardens, seeds, type }: Whereabouts) {
  return gardens.flatMap(({ name: garden, shoots = [] }) => {
    const placed = shoots
      .filter(({ spec }) => spec.provider?.type === type)
      .flatMap((shoot) => seedsOf(shoot).map((seed) => ({ seed, uid: shoot.metadata.uid ?? '' })));
    return [...Map.groupBy(placed, ({ seed }) => seed)]
      .filter(([seed, here]) => {
        const uids = new Set(here.map(({ uid }) => uid));
        return !seeds.some((seen) => seen.seedName === seed && seen.clusters.some((each) => uids.has(uidOf(each))));
      })
      .map(([seed, { length: count }]) => {
        const label = gardens.length > 1 ? `seed ${seed} of garden ${garden}` : `seed ${seed}`;
        return { garden, seed, count, label };
      });
  });
}

const uidOf = ({ cluster }: ClusterSnapshot): string => cluster.spec.shoot.metadata.uid ?? '';

const uidsOf = (gardens: readonly SeenGarden[]): ReadonlySet<string> =>
  new Set(gardens.flatMap(({ shoots = [] }) => shoots.flatMap(({ metadata }) => metadata.uid ?? [])));

/** A Shoot that is being deleted may be gone before its Cluster is. */
function strangers(gardens: readonly SeenGarden[], seeds: readonly SeedSnapshot[]): readonly ClusterSnapshot[] {
  const uids = uidsOf(gardens);
  return seeds
    .flatMap(({ clusters }) => clusters)
    .filter((each) => !each.cluster.spec.shoot.metadata.deletionTimestamp && !uids.has(uidOf(each)));
}
