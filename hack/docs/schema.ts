import * as z from 'zod';

/** The part of a JSON Schema that is written and read here. */
export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  enum?: unknown[];
  required?: string[];
  'x-default'?: string;
  'x-rules'?: string;
  'x-required'?: boolean;
  [keyword: string]: unknown;
}

/** The schema with everything that is said of its fields. */
export function describedSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
}

/** The same for editors: what they do not know becomes text, or what they know. */
export function editorSchema(schema: z.ZodType, title: string): JsonSchema {
  const { $schema, ...rest } = describedSchema(schema);
  return { $schema, title, ...forEditors(rest) };
}

function forEditors(schema: JsonSchema): JsonSchema {
  const { 'x-default': byDefault, 'x-rules': rules, 'x-required': _, description, ...rest } = schema;
  const text = [description, rules, byDefault && `Default: ${byDefault}.`].filter(Boolean).join(' ');
  const { properties = {}, items, additionalProperties } = schema;
  // What has a default need not be written.
  const required = Object.entries(properties)
    .filter(([, property]) => property['x-required'] && !property['x-default'])
    .map(([name]) => name);
  return {
    ...rest,
    ...(text ? { description: text } : {}),
    ...(schema.properties ? { properties: mapped(properties) } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(items ? { items: forEditors(items) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: forEditors(additionalProperties) } : {}),
  };
}

const mapped = (properties: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, forEditors(property)]));
