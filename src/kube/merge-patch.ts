import { isDeepStrictEqual } from 'node:util';

type Tree = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7386) that gives `live` the fields that `desired` has, or undefined when it has them. Other
 * fields are other writers' and stay; null or undefined in `desired` removes one.
 */
export function patchOfFields(live: unknown, desired: Tree): Tree | undefined {
  return patchOf(live, desired, false);
}

/** Like patchOfFields, but fields that `desired` does not have are removed. */
export function patchOfWhole(live: unknown, desired: Tree): Tree | undefined {
  return patchOf(live, desired, true);
}

function patchOf(live: unknown, desired: Tree, whole: boolean): Tree | undefined {
  const before = isTree(live) ? live : {};
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(desired)) {
    const change = changeOf(before[name], value ?? null, whole);
    if (change !== undefined) patch[name] = change;
  }
  for (const [name, value] of Object.entries(whole ? before : {})) {
    if (!(name in desired) && !isNothing(value)) patch[name] = null;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** What a merge patch must say for one field; undefined for nothing. */
function changeOf(before: unknown, after: unknown, whole: boolean): unknown {
  if (isNothing(before) && isNothing(after)) return undefined;
  if (isTree(after)) return patchOf(before, after, whole);
  return isDeepStrictEqual(before, after) ? undefined : after;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go leaves some fields out and writes others as null or empty, where it means the same. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (isTree(value) && Object.values(value).every(isNothing));
}
