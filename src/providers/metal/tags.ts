/** Key of the label of a network, and of tags, that name the cluster by the UID of its Shoot (metal-components 0.1). */
export const CLUSTER_ID = 'cluster.metal-stack.io/id';
/** Technical id of the Shoot. */
export const CLUSTER_NAME = 'cluster.metal-stack.io/name';
export const CLUSTER_PROJECT = 'cluster.metal-stack.io/project';
/** An IP for egress NAT of a cluster; the value is the cluster's id. */
const CLUSTER_EGRESS = `${CLUSTER_ID}/egress`;
/** An IP that a machine uses. */
const MACHINE_ID = 'machine.metal-stack.io/id';

export const egressTag = (clusterID: string): string => `${CLUSTER_EGRESS}=${clusterID}`;

function split(tag: string): { key: string; value: string } {
  const at = tag.indexOf('=');
  return at < 0 ? { key: tag, value: '' } : { key: tag.slice(0, at), value: tag.slice(at + 1) };
}

/** Says which cluster uses something: `cluster.metal-stack.io/id` itself, or a key below it (egress, namespace/service). */
export function isClusterTag(tag: string): boolean {
  const { key } = split(tag);
  return key === CLUSTER_ID || key.startsWith(`${CLUSTER_ID}/`);
}

/** A cluster tag of this cluster: its value is the id, or the id and what the cluster uses it for behind a slash. */
export function isTagOf(tag: string, clusterID: string): boolean {
  const { value } = split(tag);
  return isClusterTag(tag) && clusterID !== '' && (value === clusterID || value.startsWith(`${clusterID}/`));
}

export const isMachineTag = (tag: string): boolean => split(tag).key === MACHINE_ID;

/** Keys by which metal-stack says what belongs where; nobody else may set them. */
export const isReservedKey = (key: string): boolean => /(^|\.)metal-stack\.io\//.test(key);
