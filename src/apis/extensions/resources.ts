import type { ControlPlane } from './control-plane.ts';
import type { DnsRecord } from './dns-record.ts';
import type { ExtensionObject } from './extension.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Worker } from './worker.ts';

/** Structurally a kube Resource; declared here, where nothing of ours may be imported. */
interface ExtensionResource<T extends ExtensionObject | RawCluster> {
  readonly group: 'extensions.gardener.cloud';
  readonly version: 'v1alpha1';
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shape?: T;
}

/** A Cluster as it is on the wire, before cluster.ts has checked it. */
export interface RawCluster {
  metadata: ExtensionObject['metadata'];
  spec?: unknown;
}

export const infrastructures: ExtensionResource<Infrastructure> = {
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'Infrastructure',
  plural: 'infrastructures',
  namespaced: true,
};

export const controlPlanes: ExtensionResource<ControlPlane> = {
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'ControlPlane',
  plural: 'controlplanes',
  namespaced: true,
};

export const workers: ExtensionResource<Worker> = {
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'Worker',
  plural: 'workers',
  namespaced: true,
};

export const dnsRecords: ExtensionResource<DnsRecord> = {
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'DNSRecord',
  plural: 'dnsrecords',
  namespaced: true,
};

export const clusters: ExtensionResource<RawCluster> = {
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: false,
};
