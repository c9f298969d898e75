/** Gardener's error codes (core.gardener.cloud/v1beta1 ErrorCode). */
export type ErrorCode =
  | 'ERR_INFRA_UNAUTHENTICATED'
  | 'ERR_INFRA_UNAUTHORIZED'
  | 'ERR_INFRA_QUOTA_EXCEEDED'
  | 'ERR_INFRA_RATE_LIMITS_EXCEEDED'
  | 'ERR_INFRA_DEPENDENCIES'
  | 'ERR_RETRYABLE_INFRA_DEPENDENCIES'
  | 'ERR_INFRA_RESOURCES_DEPLETED'
  | 'ERR_CLEANUP_CLUSTER_RESOURCES'
  | 'ERR_CONFIGURATION_PROBLEM'
  | 'ERR_RETRYABLE_CONFIGURATION_PROBLEM'
  | 'ERR_PROBLEMATIC_WEBHOOK';

/**
 * A failure that a person will read in the object's status: the message says what is wrong and what to do next, never
 * a secret. Codes decide whether gardenlet keeps trying (gardener-contract 1.10): a transient failure must not carry a
 * code of the non-retryable set.
 */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly codes: readonly ErrorCode[];
  /** Try again after so many milliseconds instead of after the key's back-off. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { codes?: readonly ErrorCode[]; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.codes = options.codes ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}
