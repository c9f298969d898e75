import { createHash, randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { inStep, type Progress } from '../progress.ts';
import { linkerFlags, type Program, pinnedVersion } from './catalog.ts';
import { go, goVersion } from './go.ts';
import { withPatch } from './patch.ts';

export interface EnsureOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** For tests; the process environment otherwise. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Programs that one Go module pins, built once. */
export interface ProgramCache {
  /** The path of the program, which is built when it is not there yet. */
  ensure(program: Program): Promise<string>;
}

export const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const cacheHome = (env: NodeJS.ProcessEnv): string => env.XDG_CACHE_HOME || join(homedir(), '.cache');

/**
 * Opens the directory for these programs under the user's cache directory. Its name changes with everything that changes a
 * program: the pins, what is built and how, the compiler. Safe to use from several processes at once and to kill at any
 * time.
 * @param module directory of the go.mod
 */
export async function openCache(
  name: string,
  module: string,
  programs: readonly Program[],
  options: EnsureOptions,
): Promise<ProgramCache> {
  const { signal, env = process.env } = options;
  const goMod = await readFile(join(module, 'go.mod'), 'utf8');
  const goSum = await readFile(join(module, 'go.sum'), 'utf8');
  const recipe = JSON.stringify([programs, linkerFlags(''), await goVersion(goMod, { module, signal, env })]);
  const hash = createHash('sha256').update(goMod).update(goSum).update(recipe).digest('hex').slice(0, 16);
  const dir = join(cacheHome(env), 'espalier', `${name}-${hash}`);
  await mkdir(dir, { recursive: true });
  await sweep(dir);
  return {
    async ensure(program) {
      const path = join(dir, program.name);
      if (!(await isExecutable(path))) await build(program, path, module, goMod, options);
      return path;
    },
  };
}

/** What a build that was killed left; one that runs is younger. */
async function sweep(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((entry) => entry.startsWith('.'))) {
    const path = join(dir, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

/** Built under a name of its own and renamed: whoever builds the same at the same time replaces like by like. */
async function build(
  program: Program,
  path: string,
  module: string,
  goMod: string,
  { progress, signal, env }: EnsureOptions,
): Promise<void> {
  const temporary = join(dirname(path), `.${program.name}.${randomUUID()}`);
  const flags = linkerFlags(pinnedVersion(goMod, program.module));
  const tags = program.tags ? ['-tags', program.tags] : [];
  const options = { module, signal, env };
  const args = ['-v', '-trimpath', ...tags, '-ldflags', flags, '-o', temporary, program.package];
  await inStep(progress, `build ${program.name}`, async (step) => {
    const run = async (more: readonly string[] = []): Promise<void> => {
      await go(['build', ...more, ...args], { ...options, onLine: (line) => step.update(line) });
    };
    try {
      const { patch } = program;
      await (patch ? withPatch({ module: program.module, patch }, temporary, run, options) : run());
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  });
}
