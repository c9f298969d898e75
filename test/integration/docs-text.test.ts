import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commandsOf, isOfCommands } from './docs/commands.ts';
import { elsewhere, targets } from './docs/elsewhere.ts';
import { flagsOf, flagsOfHelp, pageOf } from './docs/flag-tables.ts';
import { readLiterals } from './docs/literals.ts';
import { type Page, readPages, root } from './docs/markdown.ts';
import { isProduced } from './docs/messages.ts';
import { notHere, outputs } from './docs/outputs.ts';
import { lastSteps, steps } from './docs/steps.ts';

/** What the docs say, without a cluster. docs-walk.test.ts carries out their commands. */
const pages: readonly Page[] = await readPages();
const commands = pages.flatMap(commandsOf);
const isMake = ({ text }: { readonly text: string }) => text.startsWith('make ');

describe('commands', () => {
  const known = [...[...steps, ...lastSteps].map(({ command }) => command), ...Object.keys(elsewhere)];

  test('each is carried out, or known to be run elsewhere', () => {
    const unknown = commands.filter((command) => !isMake(command) && !known.includes(command.text));
    expect(unknown).toEqual([]);
  });

  test('none is carried out that no page has', () => {
    const texts = commands.map(({ text }) => text);
    expect(known.filter((command) => !texts.includes(command))).toEqual([]);
  });

  test('the targets of make are those of the Makefile', async () => {
    const makefile = await readFile(join(root, 'Makefile'), 'utf8');
    const documented = [...makefile.matchAll(/^([a-z]+):.*##/gm)].map(([, target]) => target);
    expect(Object.keys(targets).sort()).toEqual(documented.sort());
  });

  test.each([...new Set(commands.filter(isMake).map(({ text }) => text))])('%s means something', async (command) => {
    const words = command.split(' ').slice(1);
    const [asked, variables] = [
      words.filter((word) => !word.includes('=')),
      words.filter((word) => word.includes('=')),
    ];
    expect(asked.filter((target) => !(target in targets))).toEqual([]);
    const readers = (await Promise.all(makePrograms.map((file) => readFile(join(root, file), 'utf8')))).join();
    for (const [name = ''] of variables.map((variable) => variable.split('='))) expect(readers).toContain(name);
  });
});

const makePrograms = ['Makefile', 'landscape/up/settings.ts', 'hack/release/main.ts', 'test/bench/main.ts'];

describe('blocks', () => {
  const blocks = pages.flatMap((page) => page.blocks);
  const isDrawing = ({ language, text }: { language: string; text: string }) =>
    language === 'mermaid' || /[─▶►│]|^src\/$/m.test(text);
  const isShown = ({ file, text }: { file: string; text: string }) =>
    [...outputs, ...notHere].some((output) => output.file === file && text.trimStart().startsWith(output.begins));

  test('each is commands, output that is compared, a drawing, or in a language that has its rule', () => {
    const others = blocks.filter((block) => !isOfCommands(block) && !isShown(block) && !isDrawing(block));
    expect(others.filter(({ language }) => !['yaml', 'json', 'ts'].includes(language))).toEqual([]);
  });

  test('none is known that no page has', () => {
    const missing = [...outputs, ...notHere].filter(
      (output) => !blocks.some((block) => isShown({ ...output, ...block })),
    );
    expect(missing).toEqual([]);
  });

  test('files that drawings name are there', async () => {
    const names = new Set<string>();
    for await (const file of glob(['src/**', 'landscape/**', 'hack/**', 'test/**'], { cwd: root })) {
      names.add(basename(file)).add(file);
    }
    const drawings = blocks.filter((block) => isDrawing(block) && !isShown(block));
    const named = drawings.flatMap(({ text }) => text.match(/[\w./-]+\.ts\b/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !names.has(name) && !names.has(basename(name)))).toEqual([]);
  });
});

describe('texts', () => {
  test('messages that are quoted are the product’s', async () => {
    const literals = await readLiterals();
    const quotes = pages
      .filter(({ file }) => !file.includes('decisions'))
      .flatMap(({ spans }) => spans)
      .filter(({ text }) => isSentence(text) && !(text in ofOthers));
    expect(quotes.length).toBeGreaterThan(80);
    expect(quotes.filter(({ text }) => !isProduced(text, literals))).toEqual([]);
  });

  test('a log line that is shown has a message of the product, and keys that its page explains', async () => {
    const literals = await readLiterals();
    const lines = pages.flatMap(({ tables, blocks }) =>
      blocks.filter(({ language }) => language === 'json').map(({ text }) => ({ tables, line: JSON.parse(text) })),
    );
    expect(lines.length).toBeGreaterThan(0);
    for (const { tables, line } of lines) {
      const keys = tables
        .filter(({ head: [first] }) => first === 'key')
        .flatMap(({ rows }) => rows.map(([cell]) => cell));
      expect(literals).toContain(line.msg);
      expect(Object.keys(line).filter((key) => !keys.join().includes(`\`${key}\``))).toEqual([]);
    }
  });

  test('names that tables explain are those of sources and charts', async () => {
    const kinds = ['name', 'variable', 'alert', 'key', 'status', 'condition', 'knob', 'ManagedResource'];
    const texts: string[] = [];
    for await (const file of glob(['src/**/*.ts', 'landscape/**/*.ts', 'hack/**/*.ts', 'charts/**/*.*'], { cwd: root }))
      if (!file.endsWith('.test.ts')) texts.push(await readFile(join(root, file), 'utf8'));
    const rows = pages.flatMap(({ tables }) => tables).filter(({ head: [first = ''] }) => kinds.includes(first));
    const names = rows.flatMap((table) =>
      table.rows.flatMap(([cell = '']) => cell.match(/(?<=`)[\w-]{3,}(?=`)/g) ?? []),
    );
    expect(names.length).toBeGreaterThan(100);
    const all = texts.join('\n');
    expect(names.filter((name) => !all.includes(name))).toEqual([]);
  });

  test('links lead to pages, and to headings of them', () => {
    const broken = pages.flatMap(({ file, links }) =>
      links.filter(({ text }) => !leads(text, file)).map(({ line, text }) => `${file}:${line} ${text}`),
    );
    expect(broken).toEqual([]);
  });

  test('paths that are named are there', () => {
    const paths = pages
      .flatMap(({ spans }) => spans)
      .filter(({ text }) => /^(src|test|landscape|hack|example|docs)\/[\w./-]+$/.test(text));
    expect(paths.length).toBeGreaterThan(50);
    expect(paths.filter(({ text }) => !existsSync(join(root, text)))).toEqual([]);
  });
});

function leads(link: string, from: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  const page = pages.find(({ file }) => file === target);
  if (anchor !== undefined && page) return page.anchors.includes(anchor);
  return existsSync(join(root, target));
}

/** Three words or more that are neither a command, of ours or of metal-stack, nor a structure. */
function isSentence(text: string): boolean {
  const words = text
    .replace(/\.\.\.|<[^>]*>/g, '')
    .trim()
    .split(/\s+/);
  return words.length >= 3 && !commands.some((command) => command.text === text) && !/^metalctl |^\w+: \[\{/.test(text);
}

/** What others say, and what says nothing. */
const ofOthers: Readonly<Record<string, string>> = {
  'N passed, N failed': '.ci/run',
  'no prefix for the given addressfamily': 'metal-api',
  'could not decode the PEM-encoded RSA private key': 'the Go extension',
  'metal provider secret sanity check failed:': 'gardener-apiserver',
  'KernelDeadlock, ReadonlyFilesystem, DiskPressure, NetworkUnavailable': 'a list',
  '...: condition Available is False: ...': 'made of a condition',
};

describe.each(Object.entries(pageOf))('flags of espalier %s', async (command, file) => {
  const documented = flagsOf(pages.find((page) => page.file === file));
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/main.mjs'), command, '--help']);
  const flags = flagsOfHelp(stdout);

  test('are those of --help', () => {
    expect(documented.map(({ name }) => name).sort()).toEqual([...flags.keys()].sort());
  });

  test('have the defaults of --help', () => {
    const wrong = documented.filter(
      ({ name, fallback }) => fallback !== undefined && plain(fallback) !== plain(flags.get(name)),
    );
    expect(wrong.map((flag) => ({ ...flag, help: flags.get(flag.name) }))).toEqual([]);
  });
});

const plain = (text = ''): string => text.replaceAll(' ', '');
