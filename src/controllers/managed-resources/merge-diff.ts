import { isDeepStrictEqual } from 'node:util';

/** The JSON merge patch (RFC 7386) that makes `after` out of `before`; empty when they are equal. */
export function mergeDiff(before: object, after: object): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  const [from, to] = [before as Record<string, unknown>, after as Record<string, unknown>];
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (isDeepStrictEqual(from[key], to[key])) continue;
    patch[key] = isMap(from[key]) && isMap(to[key]) ? mergeDiff(from[key], to[key]) : (to[key] ?? null);
  }
  return patch;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
