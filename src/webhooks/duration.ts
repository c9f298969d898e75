const amount = String.raw`(\d+(?:\.\d+)?)`;
const goDuration = new RegExp(`^(?:${amount}h)?(?:${amount}m)?(?:${amount}s)?(?:${amount}ms)?$`);

/** Milliseconds of a duration as Go writes it (`10s`, `1m0s`, `1.5s`); undefined for anything else. */
function parseGoDuration(text: string): number | undefined {
  const match = goDuration.exec(text);
  if (!match) return undefined;
  const [, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(milliseconds);
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
