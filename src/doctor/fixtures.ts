import { cluster } from '../apis/extensions/cluster.ts';
import type { DefaultStatus, ExtensionObject } from '../apis/extensions/extension.ts';
import type { Worker, WorkerPool } from '../apis/extensions/worker.ts';
import type { ClusterSnapshot } from '../providers/doctor.ts';
import type { SeedSnapshot } from './seed.ts';

export const namespace = 'shoot--p--a';
export const now = Date.UTC(2026, 5, 1);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const ago = (ms: number): string => new Date(now - ms).toISOString();
export const old = ago(2 * hour);
export const young = ago(minute);

const pool: WorkerPool = {
  name: 'w',
  minimum: 1,
  maximum: 1,
  machineType: 'c1',
  machineImage: { name: 'ubuntu', version: '24.4' },
};

/** A Worker or, for what they have in common, any extension object. */
export function workerOf(status: object = {}, metadata: Partial<ExtensionObject['metadata']> = {}): Worker {
  const lastOperation: NonNullable<DefaultStatus['lastOperation']> = {
    ...{ type: 'Reconcile', state: 'Succeeded', progress: 100, description: 'done', lastUpdateTime: young },
  };
  return {
    metadata: { name: 'a', namespace, ...metadata },
    spec: { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider' }, pools: [pool] },
    status: { lastOperation, ...status },
  };
}

interface Changes extends Partial<Omit<ClusterSnapshot, 'cluster'>> {
  /** Of the Cluster. */
  readonly uid?: string;
  readonly seedName?: string;
  readonly shoot?: object;
  readonly profile?: object;
}

/** A cluster that is settled, with nothing in it. */
export function snapshotOf({ uid, seedName, shoot = {}, profile = {}, ...changes }: Changes = {}): ClusterSnapshot {
  return {
    ...{ seed: 'fra-1', namespace },
    cluster: cluster.parse({
      metadata: { name: namespace, uid },
      spec: {
        ...(seedName ? { seed: { metadata: { name: seedName } } } : {}),
        shoot: { metadata: { name: 'a', namespace: 'garden-p', uid: 'abc' }, spec: {}, ...shoot },
        cloudProfile: { metadata: { name: 'metal' }, spec: profile },
      },
    }),
    infrastructure: workerOf(),
    controlPlane: workerOf(),
    worker: workerOf(),
    ...{ machines: [], machineSets: [], machineDeployments: [], machineClasses: [], classSecrets: [] },
    ...changes,
  };
}

export function seedOf(clusters: readonly ClusterSnapshot[], fields: Partial<SeedSnapshot> = {}): SeedSnapshot {
  const nothing = { deleting: [], certificates: [], leases: [], webhookTargets: [] };
  return { name: 'fra-1', seedName: 'fra-1', clusters, ...nothing, ...fields };
}
