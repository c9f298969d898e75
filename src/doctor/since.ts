const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago something was (RFC 3339 or milliseconds), in its largest unit: `3 d`. */
export function since(time: string | number | undefined, now: number): string {
  const ms = now - (typeof time === 'number' ? time : Date.parse(time ?? ''));
  if (Number.isNaN(ms)) return 'an unknown time';
  if (ms >= 2 * day) return `${Math.floor(ms / day)} d`;
  return ms >= 2 * hour ? `${Math.floor(ms / hour)} h` : `${Math.max(0, Math.floor(ms / minute))} min`;
}
