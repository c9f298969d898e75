import type { z } from 'zod';
import { badRequest } from './errors.ts';

/** metal-api has no body that is nearly as deep. */
const MAX_DEPTH = 500;

/**
 * metal-go sends every unset field as null, and metal-api reads null as absent: so null members are left out, at any depth.
 * 400 for a body that is nested absurdly deep.
 */
export function dropNulls(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw badRequest('cannot read request body: exceeded max depth');
  if (Array.isArray(value)) return value.map((item) => dropNulls(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([key, member]) => [key, dropNulls(member, depth + 1)]));
}

/** The request's body as `schema` describes it, unknown fields left out; 400 names the first field of a wrong type. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badRequest(`cannot read request body: ${issue?.path.join('.') || '(body)'}: ${issue?.message}`);
}
