import { isDeepStrictEqual } from 'node:util';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { timestamp } from '../../kube/timestamp.ts';

/** Of `status.conditions` (gardener-contract 1.3). */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown' | 'Progressing';
  /** RFC 3339 in whole seconds, as the other time. */
  readonly lastTransitionTime: string;
  readonly lastUpdateTime: string;
  readonly reason: string;
  readonly message: string;
  readonly codes?: readonly string[];
}

/** What is to be said of one type. */
export type Finding = Omit<Condition, 'lastTransitionTime' | 'lastUpdateTime'>;

export function conditionsOf(object: ExtensionObject): readonly Condition[] {
  const { conditions } = (object.status ?? {}) as { conditions?: readonly Condition[] | null };
  return conditions ?? [];
}

/**
 * The list with the findings in it: conditions of other writers stay as they are and where they are. Undefined when
 * everything is said already. Times move as Gardener moves them (gardener-contract 5.6).
 */
export function mergeConditions(
  present: readonly Condition[],
  findings: readonly Finding[],
  former: readonly string[],
  nowMs: number,
): readonly Condition[] | undefined {
  const now = timestamp(nowMs);
  const said = new Map(present.map((condition) => [condition.type, condition]));
  const kept = present.filter(({ type }) => !former.includes(type));
  const told = findings.map((finding) => tell(finding, said.get(finding.type), now));
  const changed = new Map(told.map((condition) => [condition.type, condition]));
  const merged = kept.map((condition) => changed.get(condition.type) ?? condition);
  const added = told.filter(({ type }) => !said.has(type));
  const next = [...merged, ...added];
  return isDeepStrictEqual(next, present) ? undefined : next;
}

function tell(finding: Finding, old: Condition | undefined, now: string): Condition {
  const codes = [...new Set(finding.codes ?? [])].sort();
  const { type, status, reason, message } = finding;
  const said = { type, status, reason, message, ...(codes.length > 0 ? { codes } : {}) };
  if (!old) return { ...said, lastTransitionTime: now, lastUpdateTime: now };
  const { lastTransitionTime, lastUpdateTime, ...before } = old;
  if (isDeepStrictEqual(before, said)) return old;
  return { ...said, lastTransitionTime: old.status === status ? lastTransitionTime : now, lastUpdateTime: now };
}
