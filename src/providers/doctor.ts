import type { CloudProfile } from '../apis/core/cloud-profile.ts';
import type { Cluster } from '../apis/extensions/cluster.ts';
import type { ControlPlane } from '../apis/extensions/control-plane.ts';
import type { Infrastructure } from '../apis/extensions/infrastructure.ts';
import type { Worker } from '../apis/extensions/worker.ts';
import type { Machine, MachineClass, MachineDeployment, MachineSet } from '../apis/machine/machine.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject, ObjectKey } from '../kube/object.ts';

/** `error`: something does not work or is lost. `warning`: it will, or costs. `info` is not counted as a finding. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** What is wrong, for people and for programs. No field ever has a secret. */
export interface Finding {
  readonly severity: Severity;
  /** Stable name of what was found, e.g. `IPLeaked`. */
  readonly kind: string;
  /** e.g. `ip 203.0.113.7`. */
  readonly object: string;
  /** Where it was found; absent for what is at metal-api only, and for what is in a garden. */
  readonly seed?: string;
  readonly garden?: string;
  /** Control-plane namespace, or the id of a cluster that no seed has; empty for what is no cluster's. */
  readonly cluster: string;
  readonly message: string;
  readonly advice: string;
  /** Only where it is proven that nobody needs the object. */
  readonly fix?: Fix;
}

/** Gives back what the provider holds for a cluster that does not exist any more. */
export interface Release {
  readonly action: 'release';
  readonly resource: string;
  readonly id: string;
  /** Where it is and with whose rights, as the provider names it. */
  readonly account: string;
  readonly clusterID: string;
}

/** Deletes an object of the finding's seed, and only that one. */
export interface Deletion {
  readonly action: 'delete';
  readonly kind: DeletableKind;
  readonly key: ObjectKey;
  readonly uid: string;
  /** It is for this namespace, and goes only as long as that is missing. */
  readonly goneNamespace?: string;
}

export type DeletableKind = 'Secret' | 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
export type Fix = Release | Deletion;

/** Something that could not be looked at: nothing is said of it, good or bad. */
export interface Unseen {
  readonly what: string;
  readonly reason: string;
}

/** What a seed has of one cluster. */
export interface ClusterSnapshot {
  readonly seed: string;
  readonly namespace: string;
  /** Another seed has a Cluster of the same Shoot: it is being moved, or was left behind by that. */
  readonly isElsewhere?: boolean;
  readonly cluster: Cluster;
  readonly infrastructure: Infrastructure | undefined;
  readonly controlPlane: ControlPlane | undefined;
  readonly worker: Worker | undefined;
  readonly machines: readonly Machine[];
  readonly machineSets: readonly MachineSet[];
  readonly machineDeployments: readonly MachineDeployment[];
  readonly machineClasses: readonly MachineClass[];
  /** Secrets of MachineClasses, without data. */
  readonly classSecrets: readonly KubeObject[];
}

/** Which clusters there are, besides those of the seeds that were looked at. */
export interface KnownShoots {
  readonly uids: ReadonlySet<string>;
  /** All gardens were read, and know every cluster of the seeds. */
  readonly areGardensComplete: boolean;
  /** Seeds that were not looked at and have Shoots of the type: a cluster that no garden knows may be left there. */
  readonly otherSeeds: readonly string[];
}

/** A cluster that neither gardens nor seeds know does not exist. */
export const isComplete = ({ areGardensComplete, otherSeeds }: KnownShoots): boolean =>
  areGardensComplete && otherSeeds.length === 0;

/** A CloudProfile of a garden and of the provider's type, or what a NamespacedCloudProfile makes of one. */
export interface GardenProfile {
  readonly garden: string;
  readonly name: string;
  /** Of a NamespacedCloudProfile. */
  readonly namespace?: string | undefined;
  readonly spec: CloudProfile['spec'];
}

/** Machines that a ShootState has for another seed. */
export interface StoredMachines {
  readonly garden: string;
  /** e.g. `ShootState garden-p/a`. */
  readonly object: string;
  /** Control-plane namespace. */
  readonly cluster: string;
  readonly clusterID: string;
  readonly providerIDs: readonly string[];
}

export type FixResult =
  | { readonly outcome: 'done' | 'gone' }
  /** It is not any more what the finding says, or cannot be given back now. */
  | { readonly outcome: 'left'; readonly reason: string };

/** One look at everything that the provider holds for clusters of the seeds. */
export interface ProviderView {
  readonly unseen: readonly Unseen[];
  /** Objects of the provider's own kinds that are being deleted, by the name of the seed. */
  readonly deleting: ReadonlyMap<string, readonly KubeObject[]>;
  /** Pure. `now` in milliseconds since the epoch. */
  findings(known: KnownShoots, stored: readonly StoredMachines[], now: number): readonly Finding[];
  /** Looks again, and releases it only if nothing but that cluster claims it. Gone already is fine. */
  release(fix: Release, signal: AbortSignal): Promise<FixResult>;
}

/** A seed that was read. */
export interface SeenSeed {
  readonly name: string;
  readonly kube: KubeClient;
  readonly clusters: readonly ClusterSnapshot[];
}

/** What a provider type fills in of `espalier doctor`. */
export interface ProviderDoctor {
  /** As few calls as there are lists; trouble with one account does not hide the others. */
  look(seeds: readonly SeenSeed[], profiles: readonly GardenProfile[], signal: AbortSignal): Promise<ProviderView>;
  /** What is wrong with the data (base64) of a Secret with credentials; no value is in it. */
  credentialFaults(data: Readonly<Record<string, string>> | undefined): readonly string[];
}

/** What is younger may be on its way to an object that names it. */
const graceMs = 3600_000;

/** Neither being made nor moved nor deleted: what the seed says of it can be compared with what the provider holds. */
export function isSettled({ cluster, infrastructure, worker, isElsewhere }: ClusterSnapshot): boolean {
  if (isElsewhere) return false;
  if (cluster.spec.shoot.metadata.deletionTimestamp) return false;
  return [infrastructure, worker].every((object) => {
    const { type, state } = object?.status?.lastOperation ?? {};
    const isAsked = object?.metadata.annotations?.['gardener.cloud/operation'] !== undefined;
    return !object?.metadata.deletionTimestamp && !isAsked && state === 'Succeeded' && type !== 'Migrate';
  });
}

/** Whether something of this age (RFC 3339) cannot be on its way any more; what has no age is not old. */
export const isOld = (created: string | null | undefined, now: number): boolean =>
  now - Date.parse(created ?? '') > graceMs;
