import { formatGoDuration, goDuration } from '../../../apis/go-duration.ts';
import { configurationProblem } from '../errors.ts';

/** A Go duration as Kubernetes writes it back, `1h0m0s`. Throws OperationError for anything else and below a second. */
export function canonicalDuration(text: string): string {
  const milliseconds = goDuration(text) ?? 0;
  if (milliseconds >= 1000) return formatGoDuration(milliseconds);
  throw configurationProblem(`"${text}" is not a duration of at least a second, like 5m or 1h30m`);
}
