import { isConflict, toError } from '../../kube/errors.ts';
import { type ErrorCode, OperationError } from '../../providers/errors.ts';

/** A failure as the status shows it. */
export interface Problem {
  readonly message: string;
  readonly codes: readonly ErrorCode[];
  readonly retryAfterMs?: number | undefined;
}

/** The one border where an unknown error becomes what a person and gardenlet read. Codes of aggregated errors add up. */
export function toProblem(unknown: unknown): Problem {
  const error = toError(unknown);
  if (error instanceof AggregateError) {
    const problems = error.errors.map(toProblem);
    return {
      message: problems.map((problem) => problem.message).join('; '),
      codes: problems.flatMap((problem) => problem.codes),
      retryAfterMs: problems.find((problem) => problem.retryAfterMs !== undefined)?.retryAfterMs,
    };
  }
  if (error instanceof OperationError) {
    return { message: error.message, codes: error.codes, retryAfterMs: error.retryAfterMs };
  }
  if (isConflict(error)) return { message: `${error.message}; will try again`, codes: [] };
  return { message: error.message, codes: [] };
}
