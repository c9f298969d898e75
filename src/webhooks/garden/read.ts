import type * as z from 'zod';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';

type Refusal = Extract<ReviewResult, { allowed: false }>;

export type Read<T> =
  | { readonly ok: true; readonly object: T; readonly old: T | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Checks object and old object against the slice that is read. What comes out is what came in, not a copy: fields beyond
 * the slice are there, and a later comparison finds only what was changed on purpose.
 */
export function read<S extends z.ZodType>(
  schema: S,
  { kind, object, oldObject, operation }: ReviewRequest,
): Read<z.output<S>> {
  const faults = faultsOf(schema, object);
  const oldFaults = operation === 'UPDATE' ? faultsOf(schema, oldObject) : [];
  if (faults.length > 0) return malformed(`the ${kind.kind} cannot be read`, faults);
  if (oldFaults.length > 0) return malformed(`the ${kind.kind} as it was cannot be read`, oldFaults);
  const old = operation === 'UPDATE' ? (oldObject as z.output<S>) : undefined;
  return { ok: true, object: object as z.output<S>, old };
}

function malformed(what: string, faults: readonly string[]): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { allowed: false, code: 400, message: `${what}: ${faults.join('; ')}` } };
}

/** More would not help anybody. */
const shownFaults = 20;

/** Texts of zod name types and never values, so a Secret may be read as well. */
function faultsOf(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(named(value));
  const issues = result.error?.issues ?? [];
  return issues.slice(0, shownFaults).map(({ path, message }) => `${pathOf(path)}: ${message}`);
}

/** An object with generateName has no name yet when it is mutated. */
function named(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value.metadata) || value.metadata.name !== undefined) return value;
  return { ...value, metadata: { ...value.metadata, name: '' } };
}

function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || '(root)';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object on its way out is nobody's business: its finalizers must go, whatever the rules say of the rest. */
export function isBeingDeleted(object: unknown): boolean {
  return isRecord(object) && isRecord(object.metadata) && Boolean(object.metadata.deletionTimestamp);
}
