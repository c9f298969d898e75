const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as Go writes it (`10s`, `1m0s`, `1.5s`); undefined for anything else. */
function parseGoDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  return total;
}

/** The API server gives up after `?timeout=`; this much earlier it gets a reason instead. */
const marginMs = 500;
const longestMs = 30_000;

/** How long a review may take, in milliseconds, by the URL that the API server called. */
export function reviewTimeout(url: string, otherwiseMs: number): number {
  const given = /[?&]timeout=([\w.]+)/.exec(url)?.[1];
  const asked = given === undefined ? undefined : parseGoDuration(given);
  if (!asked) return otherwiseMs;
  const limit = Math.min(asked, longestMs);
  return limit - Math.min(marginMs, limit / 10);
}
