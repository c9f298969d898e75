import type { CloudProfile } from '../apis/core/cloud-profile.ts';
import type { NamespacedCloudProfile } from '../apis/core/namespaced-cloud-profile.ts';
import type { Shoot } from '../apis/core/shoot.ts';
import type { Cluster } from '../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../apis/extensions/extension.ts';
import type { Infrastructure } from '../apis/extensions/infrastructure.ts';
import type { KubeObject } from '../kube/object.ts';

/** Kinds of apimachinery's field.Error, as kubectl shows them. */
export type FieldErrorType =
  | 'Required'
  | 'Invalid'
  | 'NotSupported'
  | 'Forbidden'
  | 'Duplicate'
  | 'TooMany'
  | 'TooLong';

/** One fault of one field. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** Full path from the root of the reviewed object, `spec.provider.infrastructureConfig.firewall.networks[0]`. */
  readonly field: string;
  /** What was given; never set for what may be a secret. */
  readonly value?: unknown;
  /** What is wrong and what is allowed. */
  readonly detail: string;
}

/** What the rules found. Nothing in `errors` means allowed; warnings are shown to the user in any case. */
export interface Findings {
  readonly errors: readonly FieldError[];
  readonly warnings: readonly string[];
}

/** What was there before, on an update. */
export interface Review<T> {
  readonly object: T;
  readonly old?: T | undefined;
  readonly now: number;
}

export interface ShootReview extends Review<Shoot> {
  /** The CloudProfile, or the merged one of the NamespacedCloudProfile, that the Shoot names; undefined if not found. */
  readonly profile: CloudProfile | undefined;
  /** Whether both Shoots were read by the schema already: it need not be done twice. */
  readonly isRead?: boolean;
}

/** A provider's rules: pure functions, without I/O. They never throw, whatever the input. */
export interface AdmissionRules {
  validateShoot(review: ShootReview): Findings;
  /** The Shoot with defaults; the same object when there is nothing to default. */
  defaultShoot(review: ShootReview): Shoot;
  validateCloudProfile(review: Review<CloudProfile>): Findings;
  validateNamespacedCloudProfile(
    review: Review<NamespacedCloudProfile> & { readonly parent: CloudProfile | undefined },
  ): Findings;
  /** `data` as in the Secret, base64. Paths and texts name keys, never values. */
  validateCredentials(data: Readonly<Record<string, string>> | null | undefined): Findings;
  /** Infrastructure, ControlPlane and Worker in the seed. What gardenlet writes or restores must pass. */
  validateExtension(
    review: Review<ExtensionObject> & { readonly kind: string; readonly cluster: Cluster | undefined },
  ): Findings;
}

/** What a mutation may need besides its object. Each is undefined when there is none (yet), and when nobody asked. */
export interface SeedFacts {
  /** Of the object; in the seed the control-plane namespace. */
  readonly namespace: string;
  readonly cluster?: Cluster | undefined;
  readonly infrastructure?: Infrastructure | undefined;
  /** `data` of the Secret `cloudprovider`, base64. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
}

/** Kinds that can be mutated in the seed and in the shoot. */
export type MutatedKind =
  | 'ConfigMap'
  | 'ControlPlane'
  | 'DaemonSet'
  | 'Deployment'
  | 'Etcd'
  | 'Infrastructure'
  | 'OperatingSystemConfig'
  | 'StatefulSet'
  | 'VerticalPodAutoscaler'
  | 'Worker';

/** What is changed in objects of one kind. */
export interface Mutation {
  readonly kind: MutatedKind;
  /** Names of the objects, or a pattern of them; all of the kind when absent. */
  readonly names?: readonly string[] | RegExp;
  /** What is read for it, only when an object of these names is reviewed. */
  readonly needs?: readonly Exclude<keyof SeedFacts, 'namespace'>[];
  /**
   * Pure, and idempotent: gardenlet writes whole objects again and again, and a result that flaps rolls control planes.
   * The argument is not changed. Throws OperationError for what must not be written as it is; the message is shown.
   */
  apply(object: KubeObject, facts: SeedFacts, old: KubeObject | undefined): KubeObject;
}

/** A provider's mutations of what others deploy, in the order in which they are applied. */
export interface SeedMutations {
  /** In control-plane namespaces of Shoots of the provider type. */
  readonly controlPlane: readonly Mutation[];
  /** In control-plane namespaces on seeds of the provider type. */
  readonly seedProvider: readonly Mutation[];
  /** In the namespace kube-system of Shoots; nothing is known of the Shoot, facts hold the namespace only. */
  readonly shoot: readonly Mutation[];
  /** Defaults of the extension objects of the provider type. */
  readonly extensions: readonly Mutation[];
}
