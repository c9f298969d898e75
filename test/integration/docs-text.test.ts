import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsOf } from './docs/commands.ts';
import { readLiterals } from './docs/literals.ts';
import { readPages, root } from './docs/markdown.ts';
import { isProduced } from './docs/messages.ts';

/** What the docs quote and name. */
const pages = await readPages();
const commands = pages.flatMap(commandsOf);

/** What others say, and what says nothing. */
const ofOthers: Readonly<Record<string, string>> = {
  'N passed, N failed': '.ci/run',
  'no prefix for the given addressfamily': 'metal-api',
  'could not decode the PEM-encoded RSA private key': 'the Go extension',
  'metal provider secret sanity check failed:': 'gardener-apiserver',
  'KernelDeadlock, ReadonlyFilesystem, DiskPressure, NetworkUnavailable': 'a list',
  '...: condition Available is False: ...': 'made of a condition',
};

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

  test.each(Object.entries(ofOthers))('%s is said by %s', (quote) => {
    expect(pages.flatMap(({ spans }) => spans.map(({ text }) => text))).toContain(quote);
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
