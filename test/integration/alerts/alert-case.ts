/** What a Prometheus sees, and whether it alerts. One sample a minute, in the notation of promtool: `0+60x10 stale`. */
export interface AlertCase {
  readonly alert: string;
  readonly what: string;
  /** Values by series. */
  readonly series: Readonly<Record<string, string>>;
  /** When to look, in minutes. */
  readonly at: number;
  /** Empty: all is quiet. */
  readonly fires: readonly Firing[];
}

interface Firing {
  /** Besides those of the rule. */
  readonly labels?: Readonly<Record<string, string>>;
  /** As the operator reads it. */
  readonly summary: string;
}

/** The name of a series. */
export function seriesOf(metric: string, labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${matchers.join(',')}}`;
}

/** Buckets of a histogram that takes `perMinute` observations a minute, all between these two bounds. */
export function bucketsOf(
  metric: string,
  labels: Readonly<Record<string, string>>,
  [below, above]: readonly [string, string],
  perMinute = 10,
): Record<string, string> {
  const bucket = (le: string) => seriesOf(`${metric}_bucket`, { ...labels, le });
  const all = `0+${perMinute}x60`;
  return { [bucket(below)]: '0x60', [bucket(above)]: all, [bucket('+Inf')]: all };
}
