import { createHash, randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inStep, type Progress } from '../progress.ts';
import { assetNames, catalog, linkerFlags, type Part, type PartName, type Parts, pinnedVersion } from './catalog.ts';
import { go, goVersion, pinsDir } from './go.ts';

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
async function cacheDir(env: NodeJS.ProcessEnv, goMod: string, signal?: AbortSignal): Promise<string> {
  const goSum = await readFile(join(pinsDir, 'go.sum'), 'utf8');
  const recipe = JSON.stringify([catalog, linkerFlags(''), await goVersion(goMod, signal)]);
  const hash = createHash('sha256').update(goMod).update(goSum).update(recipe).digest('hex').slice(0, 16);
  return join(cacheHome(env), 'espalier', `parts-${hash}`);
}

interface Build {
  readonly part: Part;
  readonly dir: string;
  readonly goMod: string;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** Built under a name of its own and renamed: whoever builds the same at the same time replaces like by like. */
async function build({ part, dir, goMod, progress, signal }: Build): Promise<void> {
  const temporary = join(dir, `.${part.name}.${randomUUID()}`);
  const flags = linkerFlags(pinnedVersion(goMod, part.module));
  await inStep(progress, `build ${part.name}`, async () => {
    try {
      await go(['build', '-trimpath', '-ldflags', flags, '-o', temporary, part.package], signal);
      await rename(temporary, join(dir, part.name));
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** The directory of KUBEBUILDER_ASSETS, for the parts that it has to hold. */
async function fromAssets(dir: string, name: PartName): Promise<string> {
  const path = join(dir, name);
  if (await isExecutable(path)) return path;
  throw new Error(`KUBEBUILDER_ASSETS is ${dir}, which has no executable ${name}`);
}

/**
 * The paths of all parts; what is missing is built, one after the other (go itself uses all cores), and kept under the
 * user's cache directory. Safe to call from several processes at once and to kill at any time.
 */
export async function ensureParts({ progress, signal, env = process.env }: EnsureOptions): Promise<Parts> {
  const goMod = await readFile(join(pinsDir, 'go.mod'), 'utf8');
  const assets = env.KUBEBUILDER_ASSETS;
  const dir = await cacheDir(env, goMod, signal);
  await mkdir(dir, { recursive: true });
  const parts: Partial<Record<PartName, string>> = {};
  for (const part of catalog) {
    if (assets && assetNames.has(part.name)) {
      parts[part.name] = await fromAssets(assets, part.name);
      continue;
    }
    const path = join(dir, part.name);
    if (!(await isExecutable(path))) await build({ part, dir, goMod, progress, signal });
    parts[part.name] = path;
  }
  return parts as Parts;
}
