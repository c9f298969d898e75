import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { startProcess } from '../../../landscape/processes/process.ts';
import type { Spoken } from '../../../landscape/up/kubectl.ts';
import { root } from './markdown.ts';

/** Where somebody sits who follows the docs: a checkout, and a shell in it. */
export interface Desk {
  readonly dir: string;
  /** Runs it in a shell in the checkout; stdin is empty, $CHECKOUT is the real one. */
  run(command: string, options?: { readonly kubeconfig?: string }): Promise<Spoken>;
  write(name: string, text: string): Promise<void>;
}

/** The same, and `make up` runs. */
export interface BusyDesk extends Desk, AsyncDisposable {
  /** What `make up` has printed, with the marks of a terminal. */
  outputOfUp(): Promise<string>;
}

const checkout = [
  ...['Makefile', 'package.json', 'package-lock.json', '.npmrc', 'node_modules', 'esbuild.config.mjs'],
  ...['src', 'landscape', 'example', 'charts', 'dist', 'docs', 'hack'],
];

/** `dir` becomes the checkout: links to the real one, but a `.landscape` of its own. */
export async function sitDown(dir: string, parts: Parts): Promise<Desk> {
  await mkdir(join(dir, 'bin'), { recursive: true });
  await Promise.all(checkout.map((name) => symlink(join(root, name), join(dir, name))));
  for (const name of ['kubectl', 'helm'] as const) await symlink(parts[name], join(dir, 'bin', name));
  const espalier = join(dir, 'bin', 'espalier');
  await writeFile(espalier, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/main.mjs')}' "$@"\n`);
  await chmod(espalier, 0o755);
  return {
    dir,
    run: (command, { kubeconfig = 'seed.kubeconfig' } = {}) => shell(dir, command, kubeconfig),
    write: (name, text) => writeFile(join(dir, name), text),
  };
}

/** What is built already is taken; links are not followed, or it would be the landscape of somebody who works here. */
export const makeUp = {
  command: 'make',
  args: ['--old-file=build', 'up'],
  env: { NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main' },
} as const;

export async function sitDownAndMakeUp(dir: string, parts: Parts): Promise<BusyDesk> {
  const desk = await sitDown(dir, parts);
  const logFile = join(dir, 'up.log');
  const log = () => readFile(logFile, 'utf8').catch(() => '');
  const up = await startProcess({
    ...{ ...makeUp, name: 'make up', cwd: dir, logFile },
    ready: async () => (await log()).includes('Ctrl-C stops everything.'),
    readyTimeoutMs: 150_000,
    graceMs: 20_000,
  });
  return {
    ...desk,
    outputOfUp: async () => (await log()).replace(/^ *\d+\.\ds {2}/gm, '').replace(/^(.*) ok (\(.*\))$/gm, '✔ $1 $2'),
    [Symbol.asyncDispose]: () => up.stop(),
  };
}

function shell(dir: string, command: string, kubeconfig: string): Promise<Spoken> {
  const { PATH, XDG_CACHE_HOME = join(homedir(), '.cache'), ...rest } = process.env;
  const env = {
    ...withoutVitest(rest),
    PATH: `${dir}/bin:${root}/node_modules/.bin:${PATH}`,
    KUBECONFIG: join(dir, kubeconfig),
    CHECKOUT: root,
    HOME: dir,
    // The Go programs are there.
    XDG_CACHE_HOME,
    HELM_CACHE_HOME: dir,
  };
  return new Promise((resolve) => {
    const options = { cwd: dir, env, maxBuffer: 16 * 1024 * 1024, timeout: 90_000 };
    const child = execFile('bash', ['-c', command], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : Number(error !== null), stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** A command is not run by a test, as far as it can see. */
const withoutVitest = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST|MAKE|MFLAGS)/.test(name)));
