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
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}

/** A schema that reads null members as absent ones. */
export function nullsAbsent<T extends z.ZodType>(schema: T) {
  return z.preprocess(withoutNulls, schema);
}
