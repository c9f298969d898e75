import type { JsonSchema } from '../docs/schema.ts';

/** Lets every field be null, which counts as absent: values files name fields that way that they do not set. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  const entries = Object.entries(properties ?? {}).map(([name, field]) => [name, orNull(nullable(field))]);
  return {
    ...schema,
    ...(properties ? { properties: Object.fromEntries(entries) } : {}),
    ...(items ? { items: nullable(items) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: nullable(additionalProperties) } : {}),
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, anyOf, enum: values } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  if (values) return { ...schema, enum: [...values, null] };
  if (Array.isArray(type)) return { ...schema, type: [...type, 'null'] };
  return typeof type === 'string' ? { ...schema, type: [type, 'null'] } : schema;
}
