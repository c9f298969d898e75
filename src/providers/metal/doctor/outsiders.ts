import { isClusterTag, isTagOf } from '../tags.ts';
import type { Holdings } from './holdings.ts';

/** What machines carry that were made for Shoots: workers their namespace, firewalls who manages them. */
const marks = ['kubernetes.io/cluster=shoot-', 'firewall.metal-stack.io/managed-by=firewall-controller-manager'];

/**
 * Whether a cluster that no garden knows may be one that Gardener has not made: then a machine in its project is of it, or
 * says nothing of clusters, and was not made for a Shoot.
 */
export function mayBeOutsider({ machines }: Holdings): (clusterID: string) => boolean {
  const outsiders = machines.filter(
    ({ tags, allocation }) => allocation && !tags.some((tag) => marks.some((mark) => tag.startsWith(mark))),
  );
  return (clusterID) =>
    outsiders.some(({ tags }) => {
      const claims = tags.filter(isClusterTag);
      return claims.length === 0 || claims.some((tag) => isTagOf(tag, clusterID));
    });
}
