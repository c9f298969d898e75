import { isDeepStrictEqual } from 'node:util';

/** A field that is not as it was. */
export interface Difference {
  /** `spec.provider.workers[0].minimum` */
  readonly path: string;
  /** Undefined when it is gone. */
  readonly value: unknown;
}

/** The fields of `after` that differ from those of `before`, each as far down as both go. */
export function differences(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((item, index) => differences(before[index], item, `${path}[${index}]`));
  }
  if (!isTree(before) || !isTree(after)) return [{ path, value: after }];
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((field) => differences(before[field], after[field], path ? `${path}.${field}` : field));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
