const DAY = 24 * 60 * 60;
/** Gardener begins nothing in the last quarter of an hour (gardener pkg/utils/gardener: EffectiveMaintenanceTimeWindow). */
const CUT_AT_END = 15 * 60;

/** Seconds since midnight UTC of `HHMMSS+hhmm`; undefined when it is not of that form. */
export function secondsOfDay(text: string): number | undefined {
  const match = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)([+-])(\d\d)([0-5]\d)$/.exec(text);
  if (!match) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map(Number);
  const offset = Number(match[5]) * 3600 + Number(match[6]) * 60;
  const utc = hours * 3600 + minutes * 60 + seconds - (match[4] === '-' ? -offset : offset);
  return modulo(utc, DAY);
}

/**
 * Whether a time (milliseconds since the epoch) lies in the effective maintenance window of a shoot, both ends included.
 * A window may cross midnight. No window, or one that cannot be read, means always, as for Gardener.
 */
export function inMaintenanceWindow(window: { begin: string; end: string } | undefined, now: number): boolean {
  const begin = window && secondsOfDay(window.begin);
  const end = window && secondsOfDay(window.end);
  if (begin === undefined || end === undefined) return true;
  const cut = modulo(end - CUT_AT_END, DAY);
  const time = modulo(Math.floor(now / 1000), DAY);
  return begin <= cut ? time >= begin && time <= cut : time >= begin || time <= cut;
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
