/** Errors that trying again does not cure: the Shoot becomes Failed instead of Error (gardener-contract 1.10). */
const nonRetryable: readonly string[] = [
  'ERR_INFRA_UNAUTHENTICATED',
  'ERR_INFRA_UNAUTHORIZED',
  'ERR_INFRA_DEPENDENCIES',
  'ERR_INFRA_QUOTA_EXCEEDED',
  'ERR_INFRA_RATE_LIMITS_EXCEEDED',
  'ERR_CONFIGURATION_PROBLEM',
  'ERR_PROBLEMATIC_WEBHOOK',
];

export const isNonRetryable = (codes: readonly string[]): boolean => codes.some((code) => nonRetryable.includes(code));

/** A step of the flow that failed, with Gardener's error codes. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly codes: readonly string[];

  constructor(message: string, codes: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.codes = codes;
  }
}
