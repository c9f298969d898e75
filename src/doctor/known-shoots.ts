import type { KubeObject } from '../kube/object.ts';
import type { ClusterSnapshot, Finding, KnownShoots } from '../providers/doctor.ts';

/**
 * Which Shoots there are. `gardens` has the Shoots of each garden; undefined when it could not be read. If a garden does
 * not know a cluster of the seed, it is not the (only) one, and nothing is known for certain of any other cluster.
 */
export function knownShoots(
  gardens: readonly (readonly KubeObject[] | undefined)[],
  clusters: readonly ClusterSnapshot[],
): KnownShoots {
  const uids = uidsOf(gardens);
  const isRead = gardens.length > 0 && gardens.every((shoots) => shoots !== undefined);
  return { uids, isComplete: isRead && strangers(uids, clusters).length === 0 };
}

/** Clusters of the seed whose Shoot none of the gardens has. Nothing is said while a garden could not be read. */
export function strangerFindings(
  gardens: readonly (readonly KubeObject[] | undefined)[],
  clusters: readonly ClusterSnapshot[],
): readonly Finding[] {
  if (gardens.length === 0 || gardens.includes(undefined)) return [];
  return strangers(uidsOf(gardens), clusters).map(({ namespace, cluster }) => {
    const { name, namespace: project = '', uid = '' } = cluster.spec.shoot.metadata;
    return {
      ...{ severity: 'error', kind: 'ShootUnknown', object: `Shoot ${project}/${name}`, cluster: namespace },
      message: `no garden of --garden-kubeconfig has a Shoot with the uid ${uid} of this Cluster`,
      advice: 'Name its garden as well. As long as it is missing, nothing at metal-api counts as leaked',
    };
  });
}

const uidsOf = (gardens: readonly (readonly KubeObject[] | undefined)[]): ReadonlySet<string> =>
  new Set(gardens.flatMap((shoots) => (shoots ?? []).flatMap(({ metadata }) => metadata.uid ?? [])));

/** A Shoot that is being deleted may be gone before its Cluster is. */
const strangers = (uids: ReadonlySet<string>, clusters: readonly ClusterSnapshot[]): readonly ClusterSnapshot[] =>
  clusters.filter(({ cluster }) => {
    const { uid, deletionTimestamp } = cluster.spec.shoot.metadata;
    return !deletionTimestamp && !uids.has(uid ?? '');
  });
