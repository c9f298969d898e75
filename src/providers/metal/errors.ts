import { type ErrorCode, OperationError } from '../errors.ts';
import { isMetalApiError, type MetalApiErrorKind } from './metal-api/errors.ts';

interface Meaning {
  readonly codes: readonly ErrorCode[];
  readonly advice: string;
}

/**
 * Only what holds for certain gets a code of the non-retryable set (gardener-contract 1.10): Gardener gives a shoot with
 * such a code up until its owner acts. metal-api answers 422 for trouble with its own database as well.
 */
const MEANINGS: Readonly<Record<MetalApiErrorKind, Meaning>> = {
  unauthenticated: {
    codes: ['ERR_INFRA_UNAUTHENTICATED'],
    advice:
      "Check metalAPIHMac or metalAPIKey in the shoot's credentials. A clock that is off by half a minute makes a valid HMAC be refused, too",
  },
  forbidden: {
    codes: ['ERR_INFRA_UNAUTHORIZED'],
    advice:
      'The credentials are valid, but their role is too low or their tenant is another: use ones that may edit the project',
  },
  'quota-exceeded': {
    codes: ['ERR_INFRA_QUOTA_EXCEEDED'],
    advice: "Free what the project does not need, or have the project's quota raised",
  },
  exhausted: {
    codes: ['ERR_INFRA_RESOURCES_DEPLETED'],
    advice: 'The partition has none left: the operator must extend the pool',
  },
  invalid: {
    codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
    advice: "Check projectID, partitionID and networks in the shoot's infrastructureConfig",
  },
  'not-found': {
    codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
    advice: "Check projectID and partitionID in the shoot's infrastructureConfig, and the endpoint in the CloudProfile",
  },
  conflict: { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'], advice: 'It is tried again' },
  'rate-limited': { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'], advice: 'It is tried again later' },
  unavailable: { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'], advice: 'It is tried again' },
  timeout: { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'], advice: 'It is tried again' },
  'outcome-unknown': {
    codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
    advice: 'The next attempt looks for what this one may have made',
  },
  'bad-answer': { codes: [], advice: 'Check that the endpoint in the CloudProfile is that of a metal-api v1' },
};

const NO_SUCH_FAMILY = /no prefix for the given addressfamily/;
const WRONG_FAMILY: Meaning = {
  codes: ['ERR_CONFIGURATION_PROBLEM'],
  advice: "The partition does not offer the shoot's spec.networking.ipFamilies: choose another partition or family",
};

/** The one border between metal-api's errors and Gardener's; any other error passes unchanged. */
export function toOperationError(error: unknown): unknown {
  if (!isMetalApiError(error)) return error;
  const { codes, advice } = NO_SUCH_FAMILY.test(error.message) ? WRONG_FAMILY : MEANINGS[error.kind];
  return new OperationError(`${error.message}. ${advice}.`, { codes, retryAfterMs: error.retryAfterMs, cause: error });
}

/** What the operator has set for many shoots: none of them is given up for it, it heals when the operator has put it right. */
export function operatorProblem(message: string): OperationError {
  return new OperationError(message, { codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'] });
}

/** What only the owner of the shoot can put right, or the operator for it alone. */
export function configurationProblem(message: string): OperationError {
  return new OperationError(message, { codes: ['ERR_CONFIGURATION_PROBLEM'] });
}
