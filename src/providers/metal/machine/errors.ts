import { toError } from '../../../kube/errors.ts';
import { MachineError, type MachineErrorCode } from '../../machine.ts';
import { isMetalApiError, type MetalApiErrorKind } from '../metal-api/errors.ts';

/**
 * Unavailable, DeadlineExceeded and Aborted are tried again after seconds, others after minutes; ResourceExhausted lets the
 * autoscaler try another pool (metal-components F.4). NotFound would mean that the machine is gone, which no error of
 * metal-api says for certain: what an order names may be missing, or the path.
 */
const CODES: Readonly<Record<MetalApiErrorKind, MachineErrorCode>> = {
  unauthenticated: 'Unauthenticated',
  forbidden: 'PermissionDenied',
  'not-found': 'FailedPrecondition',
  conflict: 'Aborted',
  invalid: 'InvalidArgument',
  'quota-exceeded': 'ResourceExhausted',
  exhausted: 'ResourceExhausted',
  'rate-limited': 'Unavailable',
  unavailable: 'Unavailable',
  timeout: 'DeadlineExceeded',
  'outcome-unknown': 'Unavailable',
  'bad-answer': 'Internal',
};

const LOCKED = /machine is locked/;

/** The one border between metal-api's errors and the machine controller's. `signal` is the caller's. */
export function toMachineError(error: unknown, signal: AbortSignal): MachineError {
  if (error instanceof MachineError) return error;
  if (isMetalApiError(error)) {
    const code = LOCKED.test(error.message) ? 'FailedPrecondition' : CODES[error.kind];
    return new MachineError(code, error.message, { cause: error });
  }
  const code = signal.aborted ? 'Canceled' : 'Internal';
  return new MachineError(code, toError(error).message, { cause: error });
}
