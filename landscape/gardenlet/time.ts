/** Go's RFC3339Nano of a time in UTC: trailing zeros of the fraction are left out. */
export const toNano = (ms: number): string => new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');

const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch, or undefined for what is not RFC 3339. */
export function parseTime(text: string): number | undefined {
  const ms = pattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
