import { createHash, randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inStep, type Progress } from '../progress.ts';
import { assetNames, catalog, linkerFlags, type Part, type PartName, type Parts, pinnedVersion } from './catalog.ts';
import { type GoOptions, go, goVersion, pinsDir } from './go.ts';
import { withPatch } from './patch.ts';

export interface EnsureOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** For tests; the process environment otherwise. */
  readonly env?: NodeJS.ProcessEnv;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const cacheHome = (env: NodeJS.ProcessEnv): string => env.XDG_CACHE_HOME || join(homedir(), '.cache');

/** Changes with everything that changes a program: the pins, what is built and how, the compiler. */
async function cacheDir(goMod: string, options: GoOptions & { readonly env: NodeJS.ProcessEnv }): Promise<string> {
  const goSum = await readFile(join(pinsDir, 'go.sum'), 'utf8');
  const recipe = JSON.stringify([catalog, linkerFlags(''), await goVersion(goMod, options)]);
  const hash = createHash('sha256').update(goMod).update(goSum).update(recipe).digest('hex').slice(0, 16);
  return join(cacheHome(options.env), 'espalier', `parts-${hash}`);
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
async function build(part: Part, dir: string, goMod: string, { progress, signal, env }: EnsureOptions): Promise<void> {
  const temporary = join(dir, `.${part.name}.${randomUUID()}`);
  const flags = linkerFlags(pinnedVersion(goMod, part.module));
  const args = ['-v', '-trimpath', '-ldflags', flags, '-o', temporary, part.package];
  await inStep(progress, `build ${part.name}`, async (step) => {
    const run = async (more: readonly string[] = []): Promise<void> => {
      await go(['build', ...more, ...args], { signal, env, onLine: (line) => step.update(line) });
    };
    try {
      const { module, patch } = part;
      await (patch ? withPatch({ module, patch }, temporary, run, { signal, env }) : run());
      await rename(temporary, join(dir, part.name));
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** The part in the directory that KUBEBUILDER_ASSETS names. */
async function fromAssets(dir: string, name: PartName): Promise<string> {
  const path = join(dir, name);
  if (await isExecutable(path)) return path;
  throw new Error(`KUBEBUILDER_ASSETS is ${dir}, which has no executable ${name}`);
}

/**
 * The paths of all parts; what is missing is built, one after the other (go itself uses all cores), and kept under the
 * user's cache directory. Safe to call from several processes at once and to kill at any time.
 */
export async function ensureParts(options: EnsureOptions): Promise<Parts> {
  const { signal, env = process.env } = options;
  const goMod = await readFile(join(pinsDir, 'go.mod'), 'utf8');
  const assets = env.KUBEBUILDER_ASSETS;
  const dir = await cacheDir(goMod, { signal, env });
  await mkdir(dir, { recursive: true });
  await sweep(dir);
  const parts: Partial<Record<PartName, string>> = {};
  for (const part of catalog as readonly Part[]) {
    if (assets && assetNames.has(part.name)) {
      parts[part.name] = await fromAssets(assets, part.name);
      continue;
    }
    const path = join(dir, part.name);
    if (!(await isExecutable(path))) await build(part, dir, goMod, options);
    parts[part.name] = path;
  }
  return parts as Parts;
}
