import type { ErrorCode } from '../../providers/errors.ts';
import type { Health, HealthConditionType } from '../../providers/health.ts';
import type { Condition, Finding } from './conditions.ts';

/** What became of one check. */
export interface CheckResult {
  readonly condition: HealthConditionType;
  readonly health: Health | { readonly status: 'failed'; readonly message: string };
}

const longest = 2000;

/**
 * One finding for each type, in the order of the checks. A fault that is certain outweighs what could not be checked, and
 * that what is on its way. The order of the texts is that of the checks: the same faults make the same message.
 */
export function findingsOf(
  results: readonly CheckResult[],
  present: readonly Condition[],
  nowMs: number,
): readonly Finding[] {
  const types = [...new Set(results.map(({ condition }) => condition))];
  return types.map((type) => {
    const healths = results.filter(({ condition }) => condition === type).map(({ health }) => health);
    const old = present.find((condition) => condition.type === type);
    return { type, ...verdict(healths, old, nowMs) };
  });
}

type Verdict = Omit<Finding, 'type'>;

function verdict(healths: readonly CheckResult['health'][], old: Condition | undefined, nowMs: number): Verdict {
  const message = messageOf(healths);
  if (healths.some(({ status }) => status === 'unhealthy')) {
    return { status: 'False', reason: 'HealthCheckUnsuccessful', message, codes: codesOf(healths) };
  }
  if (healths.some(({ status }) => status === 'failed')) {
    return { status: 'Unknown', reason: 'ConditionCheckError', message };
  }
  const thresholds = healths.flatMap((health) => (health.status === 'progressing' ? health.thresholdMs : []));
  if (thresholds.length === 0) return successful('All health checks successful');
  return isStillProgressing(old, Math.min(...thresholds), nowMs)
    ? { status: 'Progressing', reason: 'HealthCheckProgressing', message }
    : { status: 'False', reason: 'HealthCheckUnsuccessful', message };
}

/** True of every type: nothing of it runs. */
export function hibernated(types: readonly HealthConditionType[]): readonly Finding[] {
  return types.map((type) => ({ type, ...successful('Shoot is hibernated') }));
}

const successful = (message: string): Verdict => ({ status: 'True', reason: 'HealthCheckSuccessful', message });

/** What was False stays so until it is healthy; what was not known before begins to progress now. */
function isStillProgressing(old: Condition | undefined, thresholdMs: number, nowMs: number): boolean {
  if (old?.status === 'False') return false;
  return old?.status !== 'Progressing' || nowMs - Date.parse(old.lastTransitionTime) <= thresholdMs;
}

function messageOf(healths: readonly CheckResult['health'][]): string {
  const texts = (['unhealthy', 'failed', 'progressing'] as const).flatMap((wanted) =>
    healths.flatMap((health) => (health.status === wanted ? health.message : [])),
  );
  const text = texts.join('; ');
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

const codesOf = (healths: readonly CheckResult['health'][]): readonly ErrorCode[] =>
  healths.flatMap((health) => (health.status === 'unhealthy' ? health.codes : []));
