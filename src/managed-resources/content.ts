import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import type { KubeObject } from '../kube/object.ts';
import type { Secret } from '../kube/secret.ts';
import { type WriteDocument, writeDocument } from './documents.ts';

const referencePrefix = 'reference.resources.gardener.cloud/secret-';
/** Below this, people can read it as it is. A shoot's is beyond: seven times as much for each, to be sent and kept. */
const compressAboveBytes = 64 * 1024;
/** Better ones take many times as long for a few percent. */
const quality = 4;

function sha256(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}

/** Objects of a ManagedResource as they are written: one document each, in a fixed order. */
export interface Content {
  readonly secretName: string;
  readonly documents: readonly string[];
}

/** The same objects give the same content, in whatever order they come; the Secret has the name of its content. */
export function contentOf(
  resource: string,
  objects: readonly KubeObject[],
  write: WriteDocument = writeDocument,
): Content {
  const documents = objects
    .map((object) => [orderOf(object), write(object)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, document]) => document);
  return { documents, secretName: `${resource}-${sha256(sha256(...documents)).slice(0, 8)}` };
}

/** The Secret as Gardener makes it (gardener-contract 3.1): immutable, collected when nobody refers to it. */
export function contentSecret(namespace: string, { secretName, documents }: Content): Secret {
  const text = documents.join('');
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

function orderOf({ apiVersion, kind, metadata: { namespace = '', name } }: KubeObject): string {
  return [apiVersion, kind, namespace, name].join(' ');
}

function compress(text: string): Buffer {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}
