import type { FieldError } from '../../admission.ts';

/**
 * The faults that an update brings: those of the new object without those that the old one has as well. Both are
 * judged at the same time and under the same profile, so a reason that came later (a version expired, an image was
 * withdrawn, a rule was added) refuses what changes and nothing else: what ran yesterday can be scaled, hibernated,
 * annotated and deleted today.
 *
 * A fault is the same when type, field and value are. Faults that only moved within their list (a pool before it was
 * removed) are the same too, each counted once.
 */
export function broughtByUpdate(errors: readonly FieldError[], before: readonly FieldError[]): readonly FieldError[] {
  const unmoved = cancel(errors, before, (error) => error.field);
  return cancel(unmoved.errors, unmoved.before, (error) => error.field.replaceAll(/\[\d+\]/g, '[]')).errors;
}

interface Faults {
  readonly errors: readonly FieldError[];
  readonly before: readonly FieldError[];
}

/** Strikes out pairs of the same fault. */
function cancel(
  errors: readonly FieldError[],
  before: readonly FieldError[],
  fieldOf: (error: FieldError) => string,
): Faults {
  const identity = (error: FieldError) =>
    `${error.type} ${fieldOf(error)} ${JSON.stringify(error.value) ?? error.detail}`;
  const known = Map.groupBy(before, identity);
  const remaining = errors.filter((error) => known.get(identity(error))?.pop() === undefined);
  return { errors: remaining, before: [...known.values()].flat() };
}
