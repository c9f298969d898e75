import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Place {
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
}

/** A fenced block, without the indentation of the list that it stands in. */
export interface Block extends Place {
  /** Empty where none is given. */
  readonly language: string;
  readonly text: string;
}

/** A part of a line outside of blocks, or all of it. */
interface Span extends Place {
  readonly text: string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Page {
  readonly file: string;
  readonly blocks: readonly Block[];
  /** What stands between single backticks. */
  readonly spans: readonly Span[];
  readonly tables: readonly Table[];
  /** Targets of links within the repository. */
  readonly links: readonly Span[];
  /** What a link puts behind `#`, for each heading. */
  readonly anchors: readonly string[];
}

/** README, CONTRIBUTING and everything in docs/. */
export async function readPages(): Promise<readonly Page[]> {
  const docs = await readdir(join(root, 'docs'), { recursive: true });
  const names = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name)).sort()];
  const files = names.filter((name) => name.endsWith('.md'));
  return Promise.all(files.map(async (file) => parse(file, await readFile(join(root, file), 'utf8'))));
}

function parse(file: string, text: string): Page {
  const { blocks, lines } = split(file, text.split('\n'));
  const found = (pattern: RegExp): Span[] =>
    lines.flatMap((line) => [...line.text.matchAll(pattern)].map(([, inside = '']) => ({ ...line, text: inside })));
  return {
    file,
    blocks,
    spans: found(/`([^`]+)`/g).map((span) => ({ ...span, text: span.text.replaceAll('\\|', '|') })),
    links: found(/\]\((?!\w+:)([^)\s]+)\)/g),
    anchors: found(/^#+ (.*)/g).map((line) => anchorOf(line.text)),
    tables: tablesIn(lines),
  };
}

const fence = /^(\s*)```(\w*)/;

function split(file: string, all: readonly string[]): { readonly blocks: Block[]; readonly lines: Span[] } {
  const blocks: Block[] = [];
  const lines: Span[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const text = all[at] ?? '';
    const place = { file, line: at + 1 };
    const [opens, indent = '', language = ''] = fence.exec(text) ?? [];
    if (opens === undefined) {
      lines.push({ ...place, text });
      continue;
    }
    const end = all.findIndex((other, index) => index > at && other.trim() === '```');
    if (end < 0) throw new Error(`${file}:${place.line}: this block has no end`);
    const inside = all.slice(at + 1, end).map((other) => other.slice(indent.length));
    blocks.push({ ...place, language, text: inside.join('\n') });
    at = end;
  }
  return { blocks, lines };
}

/** Lines of a table follow each other. */
function tablesIn(lines: readonly Span[]): Table[] {
  const tables: { head: string[]; rows: string[][] }[] = [];
  lines.forEach(({ text }, index) => {
    if (!text.startsWith('|')) return;
    if (!lines[index - 1]?.text.startsWith('|')) tables.push({ head: cells(text), rows: [] });
    else if (!/^\|[-|]+$/.test(text)) tables.at(-1)?.rows.push(cells(text));
  });
  return tables;
}

const cells = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
