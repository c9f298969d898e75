import { cluster } from '../../../apis/extensions/cluster.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { Worker } from '../../../apis/extensions/worker.ts';
import type { ClusterSnapshot } from '../../doctor.ts';
import type { Ip, Machine, Network } from '../metal-api/types.ts';
import type { Comparison, Holdings } from './holdings.ts';

export const namespace = 'shoot--p--a';
export const scope = { clusterID: 'abc', projectID: 'p', partitionID: 'fra' };
export const now = Date.UTC(2026, 5, 1);
export const old = new Date(now - 2 * 3600_000).toISOString();
export const young = new Date(now - 60_000).toISOString();

export const idTag = (uid: string) => `cluster.metal-stack.io/id=${uid}`;
export const egress = (uid: string) => `cluster.metal-stack.io/id/egress=${uid}`;
export const service = (uid: string) => `cluster.metal-stack.io/id/namespace/service=${uid}/default/web`;

const worker = 'kubernetes.io/cluster=shoot--p--a';

export const networkOf = (fields: Partial<Network> = {}): Network => ({
  ...{ id: 'n1', prefixes: ['10.0.0.0/22'], projectid: 'p', partitionid: 'fra', description: 'abc', created: old },
  labels: { 'cluster.metal-stack.io/id': 'abc' },
  ...fields,
});
export const ipOf = (tags: readonly string[], fields: Partial<Ip> = {}): Ip => ({
  ...{ ipaddress: '203.0.113.1', networkid: 'internet', projectid: 'p', type: 'ephemeral', created: old },
  tags: [...tags],
  ...fields,
});
export const machineOf = (
  id: string,
  tags: readonly string[],
  allocation: Partial<NonNullable<Machine['allocation']>> = {},
): Machine => ({
  ...{ id, tags: [...tags, worker] },
  allocation: { project: 'p', role: 'machine', hostname: id, created: old, ...allocation },
});

export const holdingsOf = (fields: Partial<Holdings> = {}): Holdings => ({
  ...{ account: 'project p', projectID: 'p', networks: [], ips: [], machines: [] },
  ...fields,
});

const lastOperation = {
  type: 'Reconcile',
  state: 'Succeeded',
  progress: 100,
  description: '',
  lastUpdateTime: old,
} as const;
const metadata = { name: 'a', namespace };
const spec = { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider' } };

export interface Settings {
  readonly nodes?: string;
  readonly nodesCIDR?: string | undefined;
  readonly egressIPs?: readonly string[];
  readonly plane?: object;
}

export function snapshotOf({ nodes, nodesCIDR, egressIPs = [], plane = {} }: Settings = {}): ClusterSnapshot {
  const rules = egressIPs.length > 0 ? [{ networkID: 'internet', ips: egressIPs }] : [];
  const providerConfig = { projectID: 'p', partitionID: 'fra', firewall: { egressRules: rules } };
  const infrastructure: Infrastructure = {
    metadata,
    spec: { ...spec, providerConfig },
    status: { lastOperation, ...(nodesCIDR ? { nodesCIDR } : {}) },
  };
  const worker: Worker = { metadata, spec, status: { lastOperation } };
  const metalControlPlanes = { local: { endpoint: 'http://metal', partitions: { fra: {} }, ...plane } };
  const shoot = { metadata: { name: 'a', uid: 'abc' }, spec: { networking: { nodes } } };
  const cloudProfile = { metadata: { name: 'metal' }, spec: { providerConfig: { metalControlPlanes } } };
  return {
    ...{ seed: 'fra-1', namespace },
    cluster: cluster.parse({ metadata: { name: namespace }, spec: { shoot, cloudProfile } }),
    ...{ infrastructure, controlPlane: undefined, worker },
    ...{ machines: [], machineSets: [], machineDeployments: [], machineClasses: [], classSecrets: [] },
  };
}

export const comparisonOf = (
  holdings: Partial<Holdings> = {},
  settings: Settings = {},
  fields: Partial<Comparison> = {},
): Comparison => ({
  ...{ scope, account: 'project p', snapshot: snapshotOf(settings), holdings: holdingsOf(holdings) },
  ...{ firewalls: [], firewallDeployments: [], ...fields },
});
