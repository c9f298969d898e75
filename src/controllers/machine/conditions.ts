import { inPlaceCondition } from '../../apis/machine/in-place.ts';
import type { MachineCondition } from '../../apis/machine/machine.ts';

type Conditions = readonly MachineCondition[];

/** Whether a Node's conditions differ from their copy in more than times and texts, which change all the time. */
export function haveChanged(copied: Conditions, live: Conditions): boolean {
  const essence = ({ status, type, reason }: MachineCondition) =>
    type === inPlaceCondition ? `${status} ${reason}` : status;
  const known = new Map(copied.map((condition) => [condition.type, essence(condition)]));
  return known.size !== live.length || live.some((condition) => known.get(condition.type) !== essence(condition));
}

/** Ready, and none of the conditions `bad` may be true. */
export function isHealthy(conditions: Conditions, bad: readonly string[]): boolean {
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return isReady && !conditions.some(({ type, status }) => bad.includes(type) && status !== 'False');
}

/** Milliseconds for which a condition has not had its good status; 0 when it has. */
export function badFor(conditions: Conditions, type: string, good: 'True' | 'False', now: number): number {
  const condition = conditions.find((one) => one.type === type);
  if (!condition || condition.status === good) return 0;
  return Math.max(0, now - parseTime(condition.lastTransitionTime, now));
}

/** For a person. */
export function describeConditions(conditions: Conditions): string {
  return conditions
    .map(({ type, status, reason, message }) => `${type}=${status} (${[reason, message].filter(Boolean).join(': ')})`)
    .join(', ');
}

/** Milliseconds since the epoch. */
export function parseTime(text: string | undefined, otherwise: number): number {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? otherwise : time;
}
