import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import type { KubeObject } from '../../kube/object.ts';
import type { Secret } from '../../kube/secret.ts';

const referencePrefix = 'reference.resources.gardener.cloud/secret-';
/** Below this, people can read it as it is. A shoot's is beyond: seven times as much for each, to be sent and kept. */
const compressAboveBytes = 64 * 1024;
/** Better ones take many times as long for a few percent. */
const quality = 4;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Objects of a ManagedResource as they are written. */
export interface Content {
  readonly secretName: string;
  readonly text: string;
}

/** The same objects give the same content, in whatever order they come; the Secret has the name of its content. */
export function contentOf(resource: string, objects: readonly KubeObject[]): Content {
  const text = manifestOf(objects);
  return { text, secretName: `${resource}-${sha256(sha256(text)).slice(0, 8)}` };
}

/** The Secret as Gardener makes it (gardener-contract 3.1): immutable, collected when nobody refers to it. */
export function contentSecret(namespace: string, { secretName, text }: Content): Secret {
  const isLarge = Buffer.byteLength(text) > compressAboveBytes;
  const bytes = isLarge ? compress(text) : Buffer.from(text);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretName,
      namespace,
      labels: { 'resources.gardener.cloud/garbage-collectable-reference': 'true' },
    },
    type: 'Opaque',
    immutable: true,
    data: { [isLarge ? 'data.yaml.br' : 'data.yaml']: bytes.toString('base64') },
  };
}

/** The annotations of a ManagedResource with the one that keeps the Secret from being collected, and none for others. */
export function withReference(
  annotations: Readonly<Record<string, string>> | undefined,
  secretName: string,
): Record<string, string> {
  const others = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith(referencePrefix));
  return { ...Object.fromEntries(others), [`${referencePrefix}${sha256(secretName).slice(0, 8)}`]: secretName };
}

/** YAML documents in JSON. The first line tells the reader that this is no stream of JSON alone. */
function manifestOf(objects: readonly KubeObject[]): string {
  return objects
    .map((object) => [orderOf(object), `---\n${yamlOf(object)}\n`] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, document]) => document)
    .join('');
}

function orderOf({ apiVersion, kind, metadata: { namespace = '', name } }: KubeObject): string {
  return [apiVersion, kind, namespace, name].join(' ');
}

/** What JSON leaves as it is and YAML takes for a line break, or refuses. */
const unlikeYaml = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

function yamlOf(object: KubeObject): string {
  return JSON.stringify(object, sortKeys).replace(
    unlikeYaml,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function compress(text: string): Buffer {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}
