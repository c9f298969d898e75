import type { CloudProfile } from '../apis/core/cloud-profile.ts';
import type { NamespacedCloudProfile } from '../apis/core/namespaced-cloud-profile.ts';
import type { Shoot } from '../apis/core/shoot.ts';
import type { Cluster } from '../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../apis/extensions/extension.ts';

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
