import { toError } from './errors.ts';

/**
 * Does the work for each item, so many at a time. All are tried though one fails; throws its error then, or an
 * AggregateError of several.
 */
export async function forEachBounded<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const errors: Error[] = [];
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      await work(next.value).catch((error) => errors.push(toError(error)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  if (errors[0]) throw errors[0];
}
