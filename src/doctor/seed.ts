import type { Lease } from '../kube/lease.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ClusterSnapshot } from '../providers/doctor.ts';
import type { CertificateFact } from './certificates.ts';

/** A webhook configuration of the extension, and the Services that it calls. */
export interface WebhookTarget {
  readonly configuration: string;
  /** `namespace/name`. */
  readonly service: string;
  readonly exists: boolean;
}

/** What was read of a seed; no Secret's data is in it. */
export interface SeedSnapshot {
  readonly clusters: readonly ClusterSnapshot[];
  /** Objects of all kinds that are looked at and have a deletionTimestamp. */
  readonly deleting: readonly KubeObject[];
  readonly certificates: readonly CertificateFact[];
  /** Of leader election and heartbeat. */
  readonly leases: readonly Lease[];
  readonly webhookTargets: readonly WebhookTarget[];
}
