import { isDeepStrictEqual } from 'node:util';

/** Whether two provider configurations say the same. Nulls, as Go writes them, and a type that only one has do not count. */
export function isSameConfig(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(withTypeOf(other, one), withTypeOf(one, other));
}

/** The configuration with the other's apiVersion and kind where it has none. */
function withTypeOf(other: unknown, config: unknown): unknown {
  if (typeof config !== 'object' || config === null) return config ?? undefined;
  const { apiVersion, kind } = (other ?? {}) as { readonly apiVersion?: unknown; readonly kind?: unknown };
  return withoutNulls(Array.isArray(config) ? config : { apiVersion, kind, ...config });
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
