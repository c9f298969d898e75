const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3_600e9,
};
// Escaped: one letter beyond Latin-1 in the bundle, and V8 keeps all of its source in twice the memory.
const part = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;
const whole = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;
const longest = 64;

/** A Go duration (`1h30m`, `0`) in milliseconds; undefined when it is none. */
export function goDuration(text: string): number | undefined {
  if (text.length > longest || !whole.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(part)) total += Number(amount) * (nanoseconds[unit] ?? 0);
  return (text.startsWith('-') ? -total : total) / 1e6;
}

/** Milliseconds as Go and Kubernetes write them: `1h0m0s`, `250ms`, `0s`. */
export function formatGoDuration(ms: number): string {
  if (ms < 0) return `-${formatGoDuration(-ms)}`;
  if (ms > 0 && ms < 1000) return formatFraction(Math.round(ms * 1e6));
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`;
}

function formatFraction(ns: number): string {
  const unit = ['ms', 'µs'].find((name) => ns >= (nanoseconds[name] ?? 0)) ?? 'ns';
  return `${ns / (nanoseconds[unit] ?? 1)}${unit}`;
}

/**
 * A duration as Kubernetes writes it back: what differs only in spelling must not look changed. What is no duration is
 * left to the API server to refuse.
 */
export function canonicalGoDuration(text: string): string {
  const ms = goDuration(text);
  return ms === undefined ? text : formatGoDuration(ms);
}
