import { toError } from '../../../kube/errors.ts';
import { MachineError, type MachineErrorCode } from '../../machine.ts';
import { isMetalApiError, type MetalApiError, type MetalApiErrorKind } from '../metal-api/errors.ts';

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
    return new MachineError(codeOf(error), error.message, { cause: error });
  }
  const code = signal.aborted ? 'Canceled' : 'Internal';
  return new MachineError(code, toError(error).message, { cause: error });
}

/**
 * InvalidArgument would mean that nothing was ever made of the Machine, which is then let go. That metal-api refuses another
 * call than the order does not say that.
 */
function codeOf({ kind, call, message }: MetalApiError): MachineErrorCode {
  if (LOCKED.test(message)) return 'FailedPrecondition';
  return kind === 'invalid' && call !== 'allocateMachine' ? 'Internal' : CODES[kind];
}
