import type { Finding } from '../../doctor.ts';
import { claimedIn } from './claims.ts';
import type { Holdings } from './holdings.ts';

/** Addresses that several clusters name: that may be meant, and keeps them from being freed with a cluster. */
export function sharedIPs(holdings: Holdings): readonly Finding[] {
  return claimedIn(holdings)
    .filter(({ resource, clusterIDs }) => resource === 'ip' && clusterIDs.length > 1)
    .map(({ object, clusterIDs }) => ({
      ...{ severity: 'info', kind: 'IPShared', object, cluster: '' },
      message: `in ${holdings.account} is used by clusters ${clusterIDs.join(', ')}`,
      advice: 'Nothing is to be done if that is meant',
    }));
}
