import { type Finding, isOld, type KnownShoots } from '../../doctor.ts';
import { type Claimed, claimedIn, releaseOf } from './claims.ts';
import type { Holdings } from './holdings.ts';

const kinds = { machine: 'MachineLeaked', ip: 'IPLeaked', network: 'NetworkLeaked' } as const;

/**
 * What names clusters that this seed does not have. Only when all gardens are known can it be told that a cluster is no
 * more; until then it is somebody else's.
 */
export function abandoned(
  holdings: Holdings,
  ofSeed: ReadonlySet<string>,
  known: KnownShoots,
  now: number,
): readonly Finding[] {
  const isAlive = (clusterID: string) => ofSeed.has(clusterID) || known.uids.has(clusterID);
  const foreign = claimedIn(holdings).filter(({ clusterIDs }) => clusterIDs.some((id) => !isAlive(id)));
  if (!known.isComplete) return unknownClusters(foreign, holdings.account, isAlive);
  return foreign.flatMap((claimed) => leaked(claimed, holdings.account, isAlive, now));
}

function leaked(
  claimed: Claimed,
  account: string,
  isAlive: (clusterID: string) => boolean,
  now: number,
): readonly Finding[] {
  const { resource, object, clusterIDs, created } = claimed;
  const gone = clusterIDs.filter((id) => !isAlive(id));
  const [clusterID = ''] = gone;
  if (!isOld(created, now)) return [];
  const isOnly = clusterIDs.length === 1 && claimed.isWholly(clusterID);
  return [
    {
      severity: 'warning',
      kind: kinds[resource],
      object,
      cluster: clusterID,
      message: `in ${account} for cluster ${gone.join(', ')}, which does not exist any more`,
      advice: isOnly ? 'Release it' : adviceFor(claimed),
      ...(isOnly ? { fix: releaseOf(claimed, account, clusterID) } : {}),
    },
  ];
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
): readonly Finding[] {
  const ids = new Set(foreign.flatMap(({ clusterIDs }) => clusterIDs.filter((id) => !isAlive(id))));
  return [...ids].sort().map((clusterID) => {
    const held = foreign.filter(({ clusterIDs }) => clusterIDs.includes(clusterID));
    const counts = [...Map.groupBy(held, ({ resource }) => resource)].map(([kind, { length }]) => `${length} ${kind}`);
    return {
      severity: 'info',
      kind: 'ClusterNotOfThisSeed',
      object: `cluster ${clusterID}`,
      cluster: clusterID,
      message: `${counts.join(', ')} in ${account}`,
      advice: 'Name all gardens with --garden-kubeconfig to learn whether this cluster exists',
    };
  });
}
