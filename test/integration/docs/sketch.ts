import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Block, root } from './markdown.ts';

/** Code of the docs as files of a checkout that has them besides its own. */
export interface Sketch {
  readonly dir: string;
  /** Paths of those that export `inside`. */
  readonly insides: readonly string[];
  /** What the compiler says against it; empty when it is fine. */
  faults(): Promise<string>;
}

/** Blocks begin with the comment `// <path>`. */
const pathOf = ({ text }: Pick<Block, 'text'>): string | undefined => /^\/\/ (\S+\.ts)\n/.exec(text)?.[1];

/** A block without a path is the inside of a test: it gets the imports of one. */
function fileOf(block: Block, imports: string): { readonly path: string; readonly text: string } {
  const path = pathOf(block);
  if (path) return { path, text: block.text };
  return {
    path: `test/integration/inside-${block.line}.ts`,
    text: `${imports}\nexport async function inside(): Promise<void> {\n${block.text}\n}\n`,
  };
}

/** `dir` becomes the checkout: links wherever the blocks have nothing of their own. */
export async function sketch(dir: string, blocks: readonly Block[], imports: string): Promise<Sketch> {
  const files = blocks.map((block) => fileOf(block, imports));
  const own = new Set(files.flatMap(({ path }) => ancestors(path)));
  await link(dir, '', (path) => own.has(path));
  for (const { path, text } of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  const paths = files.map(({ path }) => path);
  const compilerOptions = { noUnusedLocals: false };
  const config = { extends: join(root, 'tsconfig.json'), include: [], files: paths, compilerOptions };
  await writeFile(join(dir, 'tsconfig.json'), JSON.stringify(config));
  return {
    dir,
    insides: paths.filter((path) => path.includes('inside-')),
    faults: () =>
      promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['--project', dir]).then(
        () => '',
        // It may not have come so far as to say something.
        ({ stdout, stderr, message }: Error & { stdout: string; stderr: string }) => stdout + stderr || message,
      ),
  };
}

const ancestors = (path: string): string[] => {
  const parent = dirname(path);
  return parent === '.' ? [] : [parent, ...ancestors(parent)];
};

async function link(dir: string, below: string, isOwn: (path: string) => boolean): Promise<void> {
  await mkdir(join(dir, below), { recursive: true });
  const names = below === '' ? ['src', 'test', 'landscape', 'node_modules'] : await entries(join(root, below));
  for (const name of names) {
    const path = join(below, name);
    if (isOwn(path)) await link(dir, path, isOwn);
    else await symlink(join(root, path), join(dir, path));
  }
}

/** None where the checkout does not have the directory. */
const entries = (path: string): Promise<string[]> => readdir(path).catch(() => []);
