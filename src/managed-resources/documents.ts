import type { KubeObject } from '../kube/object.ts';

/** An object as a YAML document. */
export type WriteDocument = (object: KubeObject) => string;

/** In JSON. The first line tells the reader that this is no stream of JSON alone. */
export const writeDocument: WriteDocument = (object) => `---\n${yamlOf(object)}\n`;

/** Below this, writing costs less than remembering. */
const longLength = 2048;

/**
 * Remembers long documents by their object: definitions of kinds are the same objects for every shoot, and most of what a
 * shoot is brought. Objects that it is given must not be changed any more.
 */
export function rememberDocuments(): WriteDocument {
  const known = new WeakMap<KubeObject, string>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const document = writeDocument(object);
    if (document.length >= longLength) known.set(object, document);
    return document;
  };
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
