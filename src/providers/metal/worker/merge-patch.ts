import { isDeepStrictEqual } from 'node:util';

type Json = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7386) that makes `from` say what `to` says; undefined when it does already. Lists are replaced
 * whole, what `to` leaves out is removed. What is empty counts as absent: writers in Go add empty members and drop them.
 */
export function mergePatch(from: Json, to: Json): Json | undefined {
  const changes = [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name): [string, unknown][] => {
    const change = memberPatch(from[name], to[name]);
    return change === undefined ? [] : [[name, change]];
  });
  return changes.length > 0 ? Object.fromEntries(changes) : undefined;
}

function memberPatch(from: unknown, to: unknown): unknown {
  if (isDeepStrictEqual(from, to) || (isEmpty(from) && isEmpty(to))) return undefined;
  if (to === undefined || to === null) return null;
  return isObject(to) ? mergePatch(isObject(from) ? from : {}, to) : to;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) ? Object.values(value).every(isEmpty) : !value;
}
