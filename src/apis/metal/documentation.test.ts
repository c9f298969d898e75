import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { describedSchema, editorSchema, type JsonSchema } from '../../../hack/docs/schema.ts';
import { generatedFiles, kinds } from '../../../hack/generate-docs.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test.each([...generatedFiles()])('%s is up to date; if not: make generate', (path, text) => {
  // JSON is formatted afterwards.
  const content = (written: string): unknown => (path.endsWith('.json') ? JSON.parse(written) : written);
  expect(content(read(path))).toEqual(content(text));
});

/** Fields about which nothing is said, with their paths. */
function silent(schema: JsonSchema, path = ''): string[] {
  const inner = [schema.items, schema.additionalProperties].filter((member) => typeof member === 'object');
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    ...(property.description ? [] : [`${path}.${name}`]),
    ...silent(property, `${path}.${name}`),
  ]);
  return [...own, ...inner.flatMap((member) => silent(member, `${path}[]`))];
}

describe.each(kinds)('$name', ({ name, schema, example }) => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(editorSchema(schema, name));

  test('says something of every field', () => {
    expect(silent(describedSchema(schema))).toEqual([]);
  });

  test('has an example that passes', () => {
    expect(schema.safeParse(example).error).toBeUndefined();
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  });

  test('knows what is unknown or missing', () => {
    expect(validate({ ...example, partitionId: 'x' })).toBe(false);
    expect(validate({ ...example, kind: 'Shoot' })).toBe(false);
    // An empty file is a ControllerConfiguration.
    expect(validate({})).toBe(name === 'ControllerConfiguration');
  });

  test('passes what stands in example/', () => {
    const found = examples.flatMap((path) => configsIn(path));
    const own = found.filter((config) => config.kind === name);
    expect(own.length).toBeGreaterThan(0);
    for (const config of own) expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
  });
});

const shoots = ['', '-ipv6', '-cilium', '-restricted', '-forbidden'].map((kind) => `example/shoot${kind}.yaml`);
const examples = [...shoots, 'example/cloudprofile.yaml', 'example/controllers.yaml'];

interface Manifest {
  kind: string;
  spec?: {
    providerConfig?: { kind: string };
    provider?: { infrastructureConfig?: { kind: string }; controlPlaneConfig?: { kind: string } };
  };
}

function configsIn(path: string): { kind: string }[] {
  return (loadAll(read(path)) as Manifest[]).flatMap((manifest) => {
    const { providerConfig, provider } = manifest.spec ?? {};
    const inside = [providerConfig, provider?.infrastructureConfig, provider?.controlPlaneConfig];
    return [manifest, ...inside].filter((config) => config !== undefined);
  });
}
