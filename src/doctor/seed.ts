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

/** How a seed was named on the command line. */
export interface SeedSource {
  /** Undefined without `name=`. */
  readonly given: string | undefined;
  /** Of the kubeconfig, for people. */
  readonly path: string;
}

/** What was read of a seed; no Secret's data is in it. */
export interface ReadSeed {
  readonly source: SeedSource;
  readonly clusters: readonly Omit<ClusterSnapshot, 'seed' | 'isElsewhere'>[];
  /** Objects of all kinds that are looked at and have a deletionTimestamp. */
  readonly deleting: readonly KubeObject[];
  readonly certificates: readonly CertificateFact[];
  /** Of leader election and heartbeat. */
  readonly leases: readonly Lease[];
  readonly webhookTargets: readonly WebhookTarget[];
}

/** The same among the other seeds. */
export interface SeedSnapshot extends Omit<ReadSeed, 'source' | 'clusters'> {
  /** In the report; no other seed has it. */
  readonly name: string;
  /** That of its Seed in the garden, if it is known. */
  readonly seedName: string | undefined;
  readonly clusters: readonly ClusterSnapshot[];
}
