import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type GoOptions, go, moduleDir } from './go.ts';

/** One place in a program's source that its flags do not reach. */
export interface SourcePatch {
  /** Path in the module. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** @throws unless the text is there exactly once: a new version of the module has to be looked at */
export function patched(source: string, { file, find, replace }: SourcePatch): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not have ${JSON.stringify(find)} exactly once`);
  }
  return `${before}${replace}${after}`;
}

/** Not fs.cp: directories of Go's module cache are read-only, and a copy of them could not be removed. */
async function copyModule(from: string, to: string, patch: SourcePatch): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const path = relative(from, source);
    await mkdir(dirname(join(to, path)), { recursive: true });
    if (path === patch.file) await writeFile(join(to, path), patched(await readFile(source, 'utf8'), patch));
    else await copyFile(source, join(to, path));
  }
}

/**
 * Runs a build in which a patched copy stands for the module, and nothing else of the pins is different.
 * @param temporary prefix of the files that the build needs; they are removed afterwards
 * @param options with the directory of the pins
 */
export async function withPatch(
  { module, patch }: { readonly module: string; readonly patch: SourcePatch },
  temporary: string,
  build: (flags: readonly string[]) => Promise<void>,
  options: GoOptions & { readonly module: string },
): Promise<void> {
  const copy = `${temporary}.src`;
  const pins = { mod: `${temporary}.mod`, sum: `${temporary}.sum` };
  try {
    await copyModule(await moduleDir(module, options), copy, patch);
    await copyFile(join(options.module, 'go.mod'), pins.mod);
    await copyFile(join(options.module, 'go.sum'), pins.sum);
    await go(['mod', 'edit', `-replace=${module}=${copy}`, pins.mod], options);
    await build([`-modfile=${pins.mod}`]);
  } finally {
    for (const path of [copy, pins.mod, pins.sum]) await rm(path, { recursive: true, force: true });
  }
}
