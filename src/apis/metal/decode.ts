import * as z from 'zod';

/**
 * How a kind treats fields that it does not know: `z.object` drops them (controllers: an older object or a newer writer
 * must not stop a reconcile), `z.strictObject` refuses them (admission). Each kind is declared once for both.
 */
export type ObjectOf = <T extends z.core.$ZodLooseShape>(shape: T) => z.ZodObject<T>;

export const tolerant: ObjectOf = (shape) => z.object(shape);
export const strict: ObjectOf = (shape) => z.strictObject(shape) as unknown as z.ZodObject<typeof shape>;

/** Drops null members of objects at any depth: Go writes null for nil slices, maps and pointers. */
function withoutNulls(value: unknown): unknown {
  if (!hasNull(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  return Object.fromEntries(
    Object.entries(value as object)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}

/** Seldom; so it is looked for before anything is copied. Null elements of lists stay. */
function hasNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasNull);
  for (const key in value) {
    const member: unknown = value[key as keyof typeof value];
    if (member === null || hasNull(member)) return true;
  }
  return false;
}

/** A schema that reads null members as absent ones. */
export function nullsAbsent<T extends z.ZodType>(schema: T) {
  return z.preprocess(withoutNulls, schema);
}
