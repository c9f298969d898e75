import { goDuration } from '../apis/go-duration.ts';

/** The API server gives up after `?timeout=`; this much earlier it gets a reason instead. */
const marginMs = 500;
const longestMs = 30_000;

/** How long a review may take, in milliseconds, by the URL that the API server called. */
export function reviewTimeout(url: string, otherwiseMs: number): number {
  const given = /[?&]timeout=([\w.]+)/.exec(url)?.[1];
  const asked = given === undefined ? undefined : goDuration(given);
  if (!asked) return otherwiseMs;
  const limit = Math.min(asked, longestMs);
  return limit - Math.min(marginMs, limit / 10);
}
