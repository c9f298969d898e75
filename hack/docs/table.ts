import type { JsonSchema } from './schema.ts';

/** One line for each field of a kind, the fields of objects below them. */
export function fieldTable(schema: JsonSchema): string {
  const head = ['| field | type | default | meaning and rules |', '|---|---|---|---|'];
  return [...head, ...rowsOf(schema, '')].join('\n');
}

function rowsOf(schema: JsonSchema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = path ? `${path}.${name}` : name;
    return [row(field, property), ...rowsOf(...below(field, property))];
  });
}

/** Where the fields of a list's or a map's members are. */
function below(field: string, property: JsonSchema): [JsonSchema, string] {
  if (property.items) return [property.items, `${field}[]`];
  const { additionalProperties } = property;
  return typeof additionalProperties === 'object' ? [additionalProperties, `${field}.<name>`] : [property, field];
}

function row(field: string, property: JsonSchema): string {
  const text = [property.description, valuesOf(property), property['x-rules']].filter(Boolean).join(' ');
  const cells = [`\`${field}\``, typeOf(property), defaultOf(property), text];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valuesOf({ enum: values = [] }: JsonSchema): string {
  const shown = values.map((value) => `\`${value}\``).join(', ');
  return values.length > 1 ? `One of ${shown}.` : shown && `Always ${shown}.`;
}

function defaultOf(property: JsonSchema): string {
  const { 'x-default': byDefault, 'x-required': required } = property;
  return byDefault ?? (required ? '**required**' : '');
}

function typeOf({ type = 'any', items, additionalProperties }: JsonSchema): string {
  if (items) return `list of ${plural(items.type)}`;
  if (typeof additionalProperties === 'object') return `map of ${plural(additionalProperties.type)}`;
  return [type].flat().join(' or ');
}

const plural = (type: JsonSchema['type'] = 'value'): string => `${[type].flat().join(' or ')}s`;
