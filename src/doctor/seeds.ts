import type { ClusterSnapshot, Finding, Unseen } from '../providers/doctor.ts';
import type { ReadSeed, SeedSnapshot } from './seed.ts';

/**
 * Tells the seeds apart. A seed is called what its Clusters say, or as it was given; two of one name (of two gardens) are
 * called by their kubeconfigs. Complains where a name is not that of the seed, and of a seed that was given twice.
 */
export function settleSeeds(read: readonly ReadSeed[]): { seeds: readonly SeedSnapshot[]; unseen: readonly Unseen[] } {
  const named = read.map((seed) => ({ ...seed, seedName: seedNameOf(seed) }));
  const isUnique = (name: string) =>
    named.filter(({ seedName, source }) => seedName === name || source.path === name).length === 1;
  const places = Map.groupBy(
    read.flatMap((seed) => seed.clusters.map((cluster) => ({ seed, uid: shootUidOf(cluster) }))),
    ({ uid }) => uid,
  );
  const seeds = named.map(({ seedName, source, clusters, ...rest }): SeedSnapshot => {
    const name = seedName !== undefined && isUnique(seedName) ? seedName : source.path;
    return {
      ...rest,
      ...{ name, seedName },
      clusters: clusters.map((cluster) => {
        const isElsewhere = (places.get(shootUidOf(cluster)) ?? []).length > 1;
        return { ...cluster, seed: name, ...(isElsewhere ? { isElsewhere } : {}) };
      }),
    };
  });
  return { seeds, unseen: [...read.flatMap(misnamed), ...givenTwice(read)] };
}

/** Of a Shoot without uid nothing is known. */
const shootUidOf = ({ cluster }: Pick<ClusterSnapshot, 'cluster'>): string =>
  cluster.spec.shoot.metadata.uid ?? cluster.metadata.name;

/** What gardenlet writes into Clusters goes before what somebody typed. */
function seedNameOf(read: ReadSeed): string | undefined {
  const own = ownNames(read);
  const { given } = read.source;
  if (given !== undefined && (own.length === 0 || own.includes(given))) return given;
  return own.length === 1 ? own[0] : undefined;
}

const ownNames = ({ clusters }: ReadSeed): readonly string[] => [
  ...new Set(
    clusters.flatMap(({ cluster }) => {
      const { metadata } = (cluster.spec.seed ?? {}) as { metadata?: { name?: unknown } };
      return typeof metadata?.name === 'string' ? metadata.name : [];
    }),
  ),
];

function misnamed(read: ReadSeed): readonly Unseen[] {
  const { given, path } = read.source;
  const own = ownNames(read);
  if (given === undefined || own.length === 0 || own.includes(given)) return [];
  return [{ what: `seed ${given}`, reason: `the Clusters in ${path} are of ${own.join(', ')}: name it so` }];
}

/** One API server by two kubeconfigs: what it has would be counted twice. */
function givenTwice(read: readonly ReadSeed[]): readonly Unseen[] {
  const uidsOf = ({ clusters }: ReadSeed) => clusters.flatMap(({ cluster }) => cluster.metadata.uid ?? []);
  return read.flatMap((seed, index) => {
    const uids = new Set(uidsOf(seed));
    const same = read.slice(0, index).find((other) => uidsOf(other).some((uid) => uids.has(uid)));
    if (!same) return [];
    return [{ what: `seed ${seed.source.path}`, reason: `has the same Clusters as ${same.source.path}: name it once` }];
  });
}

/** The uids of their Shoots. */
export const shootsOf = (seeds: readonly SeedSnapshot[]): ReadonlySet<string> =>
  new Set(seeds.flatMap(({ clusters }) => clusters.flatMap(({ cluster }) => cluster.spec.shoot.metadata.uid ?? [])));

/** Shoots whose Cluster several seeds have. What is at metal-api is of one of them only, and is not compared. */
export function twofoldFindings(seeds: readonly SeedSnapshot[]): readonly Finding[] {
  const moving = seeds.flatMap(({ clusters }) => clusters.filter(({ isElsewhere }) => isElsewhere));
  return [...Map.groupBy(moving, shootUidOf).values()].flatMap((places) =>
    places.slice(0, 1).map(({ cluster, namespace }) => ({
      ...{ severity: 'info', kind: 'ShootOnTwoSeeds', object: `Shoot ${cluster.spec.shoot.metadata.name}` },
      cluster: namespace,
      message: `has a Cluster in the seeds ${places.map(({ seed }) => seed).join(', ')}, and is not compared with metal-api`,
      advice: 'Nothing is to be done while it is moved; after that, see why the former seed has not let go of it',
    })),
  );
}
