import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../src/kube/object.ts';

export interface Manifest extends KubeObject {
  apiVersion: string;
  kind: string;
  [field: string]: unknown;
}

const directory = new URL('../../example/', import.meta.url);

/** Absolute path of a file in example/. */
export const examplePath = (name: string): string => fileURLToPath(new URL(name, directory));

/** The objects of a file in example/, in the order in which they stand there. */
export async function readExample(name: string): Promise<Manifest[]> {
  return parseManifests(await readFile(examplePath(name), 'utf8'), name);
}

/** @throws when a document is no Kubernetes object */
export function parseManifests(text: string, name: string): Manifest[] {
  const documents = loadAll(text).filter((document) => document !== null && document !== undefined);
  return documents.map((document, index) => {
    if (isManifest(document)) return document;
    throw new Error(`${name}: document ${index + 1} has no apiVersion, kind and metadata.name`);
  });
}

function isManifest(document: unknown): document is Manifest {
  const { apiVersion, kind, metadata } = document as Partial<Manifest>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}
