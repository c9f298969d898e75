import type * as z from 'zod';
import { nearest } from '../../../apis/nearest.ts';
import type { FieldError } from '../../admission.ts';
import { forbidden, indexed, invalid, keyed, required, shortened } from './field-errors.ts';
import { memberOf } from './members.ts';

/** The path of a whole object. */
export const WHOLE = '(root)';

/** What a schema finds wrong, with paths below `root`, and unknown fields with the known one that was meant. */
export function schemaErrors(
  schema: z.ZodType,
  value: unknown,
  root: string,
  issues: z.core.$ZodIssue[],
): FieldError[] {
  return issues.flatMap((issue) => {
    const field = fieldOf(schema, root, issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = namesAt(schema, issue.path);
      return issue.keys.map((key, index) => unknownField(field, key, index < MOST_HINTS ? known : []));
    }
    const given = issue.path.reduce<unknown>(memberOf, value);
    if (given === undefined || given === null) return [required(field, issue.message)];
    return [invalid(field, given, issue.message)];
  });
}

/** A hint costs time, and nobody mistypes so many names. */
const MOST_HINTS = 20;

function unknownField(parent: string, key: string, known: readonly string[]): FieldError {
  const near = nearest(key, known);
  const names = known.length > 0 ? `, known fields: [${known.join(', ')}]` : '';
  const hint = near === undefined ? names : `, did you mean ${near}?`;
  return forbidden(`${parent}.${shortened(key)}`, `unknown field${hint}`);
}

function fieldOf(schema: z.ZodType, root: string, path: readonly PropertyKey[]): string {
  let field = root;
  let at: z.core.$ZodType | undefined = schema;
  for (const part of path) {
    const inner: z.core.$ZodType | undefined = at && unwrapped(at);
    if (typeof part === 'number') field = indexed(field, part);
    else field = inner && isRecord(inner) ? keyed(field, String(part)) : `${field}.${String(part)}`;
    at = inner && stepped(inner, part);
  }
  return field.startsWith('.') ? field.slice(1) : field || WHOLE;
}

/** The fields that the schema has at a path. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: z.core.$ZodType | undefined = schema;
  for (const part of path) at = at && stepped(unwrapped(at), part);
  const inner = at && unwrapped(at);
  return inner && isObject(inner) ? Object.keys(inner._zod.def.shape) : [];
}

const isObject = (schema: z.core.$ZodType): schema is z.core.$ZodObject => schema._zod.def.type === 'object';
const isArray = (schema: z.core.$ZodType): schema is z.core.$ZodArray => schema._zod.def.type === 'array';
const isRecord = (schema: z.core.$ZodType): schema is z.core.$ZodRecord => schema._zod.def.type === 'record';
const isPipe = (schema: z.core.$ZodType): schema is z.core.$ZodPipe => schema._zod.def.type === 'pipe';
const isWrapper = (schema: z.core.$ZodType): schema is z.core.$ZodOptional | z.core.$ZodNullable =>
  schema._zod.def.type === 'optional' || schema._zod.def.type === 'nullable';

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (isPipe(schema)) return unwrapped(schema._zod.def.out);
  return isWrapper(schema) ? unwrapped(schema._zod.def.innerType) : schema;
}

function stepped(schema: z.core.$ZodType, part: PropertyKey): z.core.$ZodType | undefined {
  if (isArray(schema)) return schema._zod.def.element;
  if (isRecord(schema)) return schema._zod.def.valueType;
  if (!isObject(schema)) return undefined;
  const { shape } = schema._zod.def;
  return Object.hasOwn(shape, part) ? shape[String(part)] : undefined;
}
