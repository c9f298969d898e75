import type { z } from 'zod';
import { toError } from '../../kube/errors.ts';
import { configurationProblem } from './errors.ts';

/** Reads an embedded configuration; `what` names it in the message, which lists every fault with its path. */
export function decode<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  if (value === undefined || value === null) throw configurationProblem(`${what} is not set`);
  const result = parse(schema, value, what);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  throw configurationProblem(`${what} is invalid: ${faults.join('; ')}`);
}

/** A value nested beyond all reason overflows the stack instead of failing the schema. */
function parse<T extends z.ZodType>(schema: T, value: unknown, what: string) {
  try {
    return schema.safeParse(value);
  } catch (error) {
    throw configurationProblem(`${what} cannot be read: ${toError(error).message}`);
  }
}
