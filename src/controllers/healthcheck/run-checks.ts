import type { Clock } from '../../kube/clock.ts';
import { abortable } from '../../kube/deadline.ts';
import { toError } from '../../kube/errors.ts';
import { limited } from '../../kube/timeout.ts';
import type { HealthCheck, HealthContext } from '../../providers/health.ts';
import { redactText } from '../../telemetry/redact.ts';
import type { CheckResult } from './findings.ts';

/** A server may answer at length. */
const longest = 500;

/**
 * Runs all checks side by side until the deadline; a check that throws, or is not done by then, has failed. Rejects with
 * the signal's reason when that is aborted.
 */
export async function runChecks(
  checks: readonly HealthCheck[],
  context: Omit<HealthContext, 'signal'>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const limit = limited(context.clock, deadlineMs, 'the check', signal);
  try {
    const results = await Promise.all(checks.map((check) => runCheck(check, { ...context, signal: limit.signal })));
    signal.throwIfAborted();
    return results;
  } finally {
    limit.release();
  }
}

async function runCheck(check: HealthCheck, context: HealthContext): Promise<CheckResult> {
  const { condition, name } = check;
  try {
    const health = await abortable(
      Promise.resolve().then(() => check.run(context)),
      context.signal,
    );
    return { condition, health };
  } catch (error) {
    const text = redactText(toError(error).message).slice(0, longest);
    return { condition, health: { status: 'failed', message: `${name} could not be checked: ${text}` } };
  }
}

/** The checks of a cluster that comes into being: what is missing or does not answer yet is on its way. */
export function comingIntoBeing(results: readonly CheckResult[], thresholdMs: number): readonly CheckResult[] {
  return results.map(({ condition, health }) =>
    health.status === 'healthy'
      ? { condition, health }
      : { condition, health: { status: 'progressing', message: health.message, thresholdMs } },
  );
}

/** The result if it comes in time. */
export function within<R>(clock: Clock, ms: number, work: Promise<R>): Promise<R | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.schedule(ms, () => resolve(undefined));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
