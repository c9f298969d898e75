import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { toError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { readDocuments } from '../plan/documents.ts';
import { UsageError } from './flags.ts';

const extensions = ['.yaml', '.yml', '.json'];

/** The objects in files, in those of directories, and for `-` in standard input. Throws UsageError that names the path. */
export async function readObjects(paths: readonly string[]): Promise<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const path of paths) {
    for (const file of await filesOf(path))
      objects.push(...readDocuments(await contentOf(file), file === '-' ? 'standard input' : file));
  }
  return objects;
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (path === '-') return [path];
  return readable(path, async () => {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => extensions.includes(extname(name))).sort();
    if (names.length === 0) throw new Error(`no file ends with ${extensions.join(', ')}`);
    return names.map((name) => join(path, name));
  });
}

const contentOf = (file: string): Promise<string> =>
  readable(file, () => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')));

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${toError(error).message}`);
  }
}
