import type * as z from 'zod';
import { METAL_API_VERSION } from '../../../apis/metal/group.ts';
import { toError } from '../../../kube/errors.ts';
import type { FieldError } from '../../admission.ts';
import { type Extent, isWithin } from './extent.ts';
import { forbidden, invalid, notSupported, required } from './field-errors.ts';
import { memberOf } from './members.ts';
import { schemaErrors, WHOLE } from './schema-errors.ts';

/** What could be read, and what is wrong with the rest. Without errors `config` is set, unless nothing was given. */
export interface Read<T> {
  readonly config?: T | undefined;
  readonly errors: readonly FieldError[];
}

const EXTENT: Extent = { members: 20_000, depth: 32 };

/**
 * Reads an embedded configuration strictly. Unknown fields are faults, and the rest is read without them, so that all
 * faults are told at once; what has a value of a wrong type is not judged further.
 */
export function readProviderConfig<T extends z.ZodType>(
  schema: T,
  kind: string,
  value: unknown,
  root: string,
): Read<z.output<T>> {
  if (value === undefined || value === null) return { errors: [] };
  if (typeof value !== 'object' || Array.isArray(value)) return { errors: [invalid(root, value, `must be a ${kind}`)] };
  const kindErrors = typeErrors(value, kind, root);
  const read = readStrictly(schema, value, root);
  return { config: read.config, errors: [...kindErrors, ...read.errors] };
}

/** Reads by a schema; never throws. */
export function readStrictly<T extends z.ZodType>(
  schema: T,
  value: unknown,
  root: string,
  extent: Extent = EXTENT,
): Read<z.output<T>> {
  if (!isWithin(value, extent)) {
    return {
      errors: [
        forbidden(
          root || WHOLE,
          `too large: more than ${extent.members} members or ${extent.depth} levels cannot be read`,
        ),
      ],
    };
  }
  try {
    const result = schema.safeParse(value);
    if (result.success) return { config: result.data, errors: [] };
    const { issues } = result.error;
    const known = withoutUnknown(value, issues);
    return {
      config: known === undefined ? undefined : schema.safeParse(known).data,
      errors: schemaErrors(schema, value, root, issues),
    };
  } catch (error) {
    return { errors: [forbidden(root || WHOLE, `cannot be read: ${toError(error).message}`)] };
  }
}

/** A copy without its unknown fields; undefined when these are not all that is wrong. */
function withoutUnknown(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (!issues.every(({ code }) => code === 'unrecognized_keys')) return undefined;
  const copy = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const parent = issue.path.reduce<unknown>(memberOf, copy);
    for (const key of issue.keys) Reflect.deleteProperty(Object(parent), key);
  }
  return copy;
}

/** apiVersion and kind must be given, as Gardener's decoders want it (metal-provider 1.1). */
function typeErrors(value: object, kind: string, root: string): FieldError[] {
  const given = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  return [
    ...wordErrors(`${root}.apiVersion`, given.apiVersion, METAL_API_VERSION),
    ...wordErrors(`${root}.kind`, given.kind, kind),
  ];
}

function wordErrors(field: string, given: unknown, wanted: string): FieldError[] {
  if (given === wanted) return [];
  if (given === undefined || given === null || given === '') return [required(field, `must be ${wanted}`)];
  // A wrong type is what the schema says.
  return typeof given === 'string' ? [notSupported(field, given, [wanted])] : [];
}
