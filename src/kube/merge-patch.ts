import { isDeepStrictEqual } from 'node:util';

type Tree = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch (RFC 7386) that gives `live` the fields that `desired` has, or undefined when it has them. Other
 * fields are other writers' and stay; null or undefined in `desired` removes one.
 */
export function patchOfFields(live: unknown, desired: Tree): Tree | undefined {
  return patchOf(live, desired, { whole: false, isNothing: isUnset });
}

/** Like patchOfFields, but fields that `desired` does not have are removed. `isNothing` says what counts as absent. */
export function patchOfWhole(live: unknown, desired: Tree, isNothing: IsNothing = isUnset): Tree | undefined {
  return patchOf(live, desired, { whole: true, isNothing });
}

type IsNothing = (value: unknown) => boolean;

interface Manner {
  readonly whole: boolean;
  readonly isNothing: IsNothing;
}

function patchOf(live: unknown, desired: Tree, manner: Manner): Tree | undefined {
  const { whole, isNothing } = manner;
  const before = isTree(live) ? live : {};
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(desired)) {
    const change = changeOf(before[name], value ?? null, manner);
    if (change !== undefined) patch[name] = change;
  }
  for (const [name, value] of Object.entries(whole ? before : {})) {
    if (!Object.hasOwn(desired, name) && !isNothing(value)) patch[name] = null;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** What a merge patch must say for one field; undefined for nothing. */
function changeOf(before: unknown, after: unknown, manner: Manner): unknown {
  if (manner.isNothing(before) && manner.isNothing(after)) return undefined;
  if (isTree(after)) return patchOf(before, after, manner);
  return isDeepStrictEqual(before, after) ? undefined : after;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go leaves some fields out and writes others as null or empty, where it means the same. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (isTree(value) && Object.values(value).every(isUnset));
}

/** Also Go's zero values and empty lists: for kinds whose writers drop them by `omitempty`, and add them again. */
export function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isTree(value) ? Object.values(value).every(isZero) : !value;
}
