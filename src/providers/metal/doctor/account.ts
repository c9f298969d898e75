import { createHash } from 'node:crypto';
import type { ClusterSnapshot } from '../../doctor.ts';
import { endpointOf } from '../cloud-profile.ts';
import { configOf, type Scope, scopeOf } from '../infrastructure/scope.ts';

/** A cluster of this seed, and where at metal-api it is. */
export interface MetalCluster {
  readonly snapshot: ClusterSnapshot;
  readonly scope: Scope;
  readonly account: string;
}

/** A project of a metal-api: clusters that share it are looked at together. */
export interface Account {
  /** `<project> at <host>`, for people; the hash tells endpoints of one host apart. */
  readonly name: string;
  readonly endpoint: string;
  readonly projectID: string;
  readonly clusters: readonly MetalCluster[];
}

/** Throws OperationError when configuration or profile do not say where the cluster is. */
export function locate(snapshot: ClusterSnapshot): { readonly scope: Scope; readonly endpoint: string } | undefined {
  const { cluster, infrastructure } = snapshot;
  if (!infrastructure) return undefined;
  const scope = scopeOf(configOf(infrastructure), cluster);
  return { scope, endpoint: endpointOf(cluster, scope.partitionID) };
}

export function accountName(endpoint: string, projectID: string): string {
  const { host, pathname } = new URL(endpoint);
  const hash = createHash('sha256').update(endpoint).digest('hex').slice(0, 5);
  return `project ${projectID} at ${host}${pathname.replace(/\/$/, '')} (${hash})`;
}

export function accountsOf(
  located: readonly { readonly snapshot: ClusterSnapshot; readonly scope: Scope; readonly endpoint: string }[],
): readonly Account[] {
  const groups = Map.groupBy(located, ({ scope, endpoint }) => accountName(endpoint, scope.projectID));
  return [...groups].flatMap(([name, members]) => {
    const [first] = members;
    if (!first) return [];
    const clusters = members.map(({ snapshot, scope }) => ({ snapshot, scope, account: name }));
    return { name, endpoint: first.endpoint, projectID: first.scope.projectID, clusters };
  });
}
