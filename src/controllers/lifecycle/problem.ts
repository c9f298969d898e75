import { isConflict, toError } from '../../kube/errors.ts';
import { type ErrorCode, OperationError } from '../../providers/errors.ts';
import { redactText } from '../../telemetry/redact.ts';

/** A failure as the status shows it. */
export interface Problem {
  readonly message: string;
  readonly codes: readonly ErrorCode[];
}

/**
 * The one border where an unknown error becomes what a person and gardenlet read, whoever has put a secret into it. Codes
 * of aggregated errors add up.
 */
export function toProblem(unknown: unknown): Problem {
  const error = toError(unknown);
  if (error instanceof AggregateError) {
    const problems = error.errors.map(toProblem);
    return {
      message: problems.map((problem) => problem.message).join('; '),
      codes: problems.flatMap((problem) => problem.codes),
    };
  }
  const message = redactText(error.message);
  if (isConflict(error)) return { message: `${message}; will try again`, codes: [] };
  return { message, codes: error instanceof OperationError ? error.codes : [] };
}
