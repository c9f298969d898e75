import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '../../../kube/object.ts';
import { type Manifests, manifestNames } from './manifests.ts';

/** Beside the bundle, where esbuild makes this the bundle's directory; from the sources, in `dist`. */
const places = [
  join(import.meta.dirname, 'manifests'),
  join(import.meta.dirname, '..', '..', '..', '..', 'dist', 'manifests'),
];

/** Reads what `make build` has put there. Throws when it has not. */
export async function loadManifests(): Promise<Manifests> {
  const directory = places.find((place) => existsSync(place));
  if (!directory) throw new Error(`there are no manifests in ${places[0]}: they are made by \`make build\``);
  const read = async (name: string) =>
    JSON.parse(await readFile(join(directory, `${name}.json`), 'utf8')) as readonly KubeObject[];
  const entries = await Promise.all(manifestNames.map(async (name) => [name, await read(name)] as const));
  return Object.fromEntries(entries) as Manifests;
}
