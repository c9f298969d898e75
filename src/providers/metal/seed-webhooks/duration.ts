import { goDuration } from '../admission/duration.ts';
import { configurationProblem } from '../errors.ts';

/** A Go duration as Kubernetes writes it back, `1h0m0s`. Throws OperationError for anything else and below a second. */
export function canonicalDuration(text: string): string {
  const milliseconds = goDuration(text) ?? 0;
  if (milliseconds < 1000) {
    throw configurationProblem(`"${text}" is not a duration of at least a second, like 5m or 1h30m`);
  }
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = (milliseconds % 60_000) / 1000;
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`;
}
