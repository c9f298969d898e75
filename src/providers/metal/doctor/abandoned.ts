import { type Finding, isComplete, isOld, type KnownShoots } from '../../doctor.ts';
import { type Claimed, claimedIn, releaseOf } from './claims.ts';
import type { Holdings } from './holdings.ts';
import { mayBeOutsider } from './outsiders.ts';

const kinds = { machine: 'MachineLeaked', ip: 'IPLeaked', network: 'NetworkLeaked' } as const;

/**
 * What names clusters that the seeds do not have. Only when all gardens and their seeds are known can it be told that a
 * cluster is no more; until then it is somebody else's.
 */
export function abandoned(
  holdings: Holdings,
  ofSeeds: ReadonlySet<string>,
  known: KnownShoots,
  now: number,
): readonly Finding[] {
  const isAlive = (clusterID: string) => ofSeeds.has(clusterID) || known.uids.has(clusterID);
  const foreign = claimedIn(holdings).filter(({ clusterIDs }) => clusterIDs.some((id) => !isAlive(id)));
  if (!isComplete(known)) return unknownClusters(foreign, holdings.account, isAlive, known);
  const isOutsider = mayBeOutsider(holdings);
  return foreign
    .filter(({ created }) => isOld(created, now))
    .map((claimed) => leaked(claimed, holdings.account, isAlive, isOutsider));
}

function leaked(
  claimed: Claimed,
  account: string,
  isAlive: (clusterID: string) => boolean,
  isOutsider: (clusterID: string) => boolean,
): Finding {
  const { resource, object, clusterIDs } = claimed;
  const gone = clusterIDs.filter((id) => !isAlive(id));
  const [clusterID = ''] = gone;
  const isOnly = claimed.isWholly(clusterID);
  const about = {
    ...{ kind: kinds[resource], object, cluster: clusterID },
    message: `in ${account} for cluster ${gone.join(', ')}, which no garden knows`,
  };
  if (!isOnly) return { severity: 'warning', ...about, advice: adviceFor(claimed) };
  if (!isOutsider(clusterID))
    return { severity: 'warning', ...about, advice: 'Release it', fix: releaseOf(claimed, account, clusterID) };
  const advice = 'A machine of the project was not made for a Shoot: see first whether it is of that cluster';
  return { severity: 'warning', ...about, advice };
}

function adviceFor({ resource, clusterIDs }: Claimed): string {
  if (clusterIDs.length > 1) return 'It is shared with other clusters: remove the tags of the cluster that is gone';
  if (resource === 'ip')
    return 'It is static, held by a machine, or has other tags: if nobody uses it, remove the tags of the cluster or free it';
  return 'It has marks of someone else as well: find out whose it is before it is released';
}

function unknownClusters(
  foreign: readonly Claimed[],
  account: string,
  isAlive: (clusterID: string) => boolean,
  known: KnownShoots,
): readonly Finding[] {
  const ids = new Set(foreign.flatMap(({ clusterIDs }) => clusterIDs.filter((id) => !isAlive(id))));
  return [...ids].sort().map((clusterID) => {
    const held = foreign.filter(({ clusterIDs }) => clusterIDs.includes(clusterID));
    const counts = [...Map.groupBy(held, ({ resource }) => resource)].map(([kind, { length }]) => `${length} ${kind}`);
    const about = { object: `cluster ${clusterID}`, cluster: clusterID };
    const message = `${counts.join(', ')} in ${account}`;
    return { ...about, ...doubtOf(known, message) };
  });
}

/** The gardens are the first doubt: without them nobody knows which other seeds there are. */
function doubtOf(
  { areGardensComplete, otherSeeds }: KnownShoots,
  message: string,
): Pick<Finding, 'severity' | 'kind' | 'message' | 'advice'> {
  if (!areGardensComplete) {
    const advice = 'Name all gardens with --garden-kubeconfig to learn whether this cluster exists';
    return { severity: 'info', kind: 'ClusterNotOfThisSeed', message, advice };
  }
  return {
    ...{ severity: 'warning', kind: 'ClusterUnknown', message: `${message}, and no garden knows the cluster` },
    advice: `Look at ${otherSeeds.join(', ')} as well, with --kubeconfig: it may be left there`,
  };
}
