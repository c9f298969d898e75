/** A JSON object, with anything in it. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own member of an object or a list. */
export const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? value[key as keyof typeof value]
    : undefined;

/** What lies at a path of own members; undefined where there is nothing, or null. */
export function at(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    current = isJson(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  }
  return current ?? undefined;
}

/** Only its finalizers and metadata change from here on. */
export const isDeleted = (object: unknown): boolean => Boolean(at(object, ['metadata', 'deletionTimestamp']));

/** Whether two objects have the same at a path, in the same order of members. */
export function isSame(left: unknown, right: unknown, path: readonly string[]): boolean {
  try {
    return JSON.stringify(at(left, path)) === JSON.stringify(at(right, path));
  } catch {
    // Too deep to be written.
    return false;
  }
}

/**
 * The object with a value at a path where it has none; the same object when there is one already, when there is nothing
 * to set, or when the path leads through something that is no object.
 */
export function filled<T>(object: T, path: readonly string[], value: unknown): T {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined) return object;
  if (!isJson(object ?? {})) return object;
  const parent: Json = isJson(object) ? object : {};
  const current = at(parent, [name]);
  if (rest.length === 0) return current === undefined ? ({ ...parent, [name]: value } as T) : object;
  const inner = filled(current, rest, value);
  return inner === current ? object : ({ ...parent, [name]: inner } as T);
}
