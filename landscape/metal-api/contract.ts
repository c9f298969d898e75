import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Readonly<Record<string, unknown>>;

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema?: Schema }[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface Contract {
  /** What is wrong with a request, one text per fault; empty when it keeps the contract. Path without base path and query. */
  validateRequest(method: string, path: string, body: unknown): string[];
  validateResponse(method: string, path: string, status: number, body: unknown): string[];
}

const MODULE = 'github.com/metal-stack/metal-go';
const GO_MOD = join(import.meta.dirname, '../../hack/controlplane');

/**
 * metal-api.json of the metal-go module that hack/controlplane/go.mod pins. No part is built from it, so it may have to be
 * downloaded first.
 */
export function readSwagger(): Swagger {
  const download = execFileSync('go', ['mod', 'download', '-json', MODULE], { cwd: GO_MOD, encoding: 'utf8' });
  const { Dir } = JSON.parse(download) as { readonly Dir: string };
  return JSON.parse(readFileSync(join(Dir, 'metal-api.json'), 'utf8')) as Swagger;
}

/**
 * Checks bodies against metal-api.json: required members, types, formats, enums, and no member that the definition does not
 * know. In requests every member may be null (metal-go sends null for what is unset), in answers only lists, maps and objects.
 */
export function createContract(swagger: Swagger = readSwagger()): Contract {
  const requests = compiler(swagger, () => true);
  const responses = compiler(
    swagger,
    (schema) => schema.type === 'array' || schema.type === 'object' || '$ref' in schema,
  );
  const find = (method: string, path: string): Operation | undefined =>
    swagger.paths[templateOf(swagger, method, path) ?? '']?.[method.toLowerCase()];
  return {
    validateRequest(method, path, body) {
      const operation = find(method, path);
      if (!operation) return [`${method} ${path}: not in metal-api.json`];
      const schema = operation.parameters?.find((parameter) => parameter.in === 'body')?.schema;
      if (!schema) return body === undefined ? [] : [`${method} ${path}: takes no body`];
      return faults(`${method} ${path} request`, requests(schema), body);
    },
    validateResponse(method, path, status, body) {
      const operation = find(method, path);
      if (!operation) return [`${method} ${path}: not in metal-api.json`];
      const where = `${method} ${path} answer ${status}`;
      const described = operation.responses[String(status)];
      if (status < 400 && !described) return [`${where}: status not in metal-api.json`];
      // A foreign tenant gets a bare string, whatever metal-api.json says.
      if (status === 403 && typeof body === 'string') return [];
      const schema = (described ?? operation.responses.default)?.schema;
      return schema ? faults(where, responses(schema), body) : [];
    },
  };
}

function fits(template: string, path: string): boolean {
  const [expected, actual] = [template.split('/'), path.split('/')];
  return expected.length === actual.length && expected.every((part, i) => part.startsWith('{') || part === actual[i]);
}

/** A fixed path beats one with a parameter. */
function templateOf(swagger: Swagger, method: string, path: string): string | undefined {
  const fitting = Object.keys(swagger.paths).filter((t) => fits(t, path) && swagger.paths[t]?.[method.toLowerCase()]);
  return fitting.sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

function compiler(swagger: Swagger, nullable: (schema: Schema) => boolean): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  ajv.addFormat('integer', { type: 'number', validate: Number.isInteger });
  ajv.addFormat('byte', { type: 'number', validate: (value) => value >= 0 && value <= 255 });
  const definitions = Object.entries(swagger.definitions).map(([name, schema]) => [name, strict(schema, nullable)]);
  ajv.addSchema({ $id: 'metal-api', definitions: Object.fromEntries(definitions) });
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known) return known;
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"metal-api#/')) as Schema);
    compiled.set(schema, validate);
    return validate;
  };
}

/** The definition with its members nullable where `nullable` says so, and closed to unknown members. */
function strict(schema: Schema, nullable: (schema: Schema) => boolean): Schema {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const members = Object.entries(properties).map(([name, member]) => [
    name,
    nullable(member) ? { anyOf: [{ type: 'null' }, member] } : member,
  ]);
  return { ...schema, type: 'object', properties: Object.fromEntries(members), additionalProperties: false };
}

function faults(where: string, validate: ValidateFunction, body: unknown): string[] {
  if (validate(body)) return [];
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'anyOf')
    .map((error) => `${where}: ${describe(error)}`);
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const detail = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
  return `${instancePath || '/'} ${message ?? 'is invalid'}${detail}`;
}
