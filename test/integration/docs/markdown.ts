import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Place {
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** The nearest heading above. */
  readonly heading: string;
}

/** A fenced block, without the indentation of the list that it stands in. */
export interface Block extends Place {
  /** Empty where none is given. */
  readonly language: string;
  readonly text: string;
}

/** What stands between single backticks. */
export interface Span extends Place {
  readonly text: string;
}

export interface Table extends Place {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Page {
  readonly file: string;
  readonly blocks: readonly Block[];
  readonly spans: readonly Span[];
  readonly tables: readonly Table[];
}

/** README, CONTRIBUTING and everything in docs/. */
export async function readPages(): Promise<readonly Page[]> {
  const docs = await readdir(join(root, 'docs'), { recursive: true });
  const names = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name)).sort()];
  return names
    .filter((name) => name.endsWith('.md'))
    .map((file) => parse(file, readFileSync(join(root, file), 'utf8')));
}

const fence = /^(\s*)```(\w*)/;

function parse(file: string, text: string): Page {
  const page = { file, blocks: [] as Block[], spans: [] as Span[], tables: [] as Table[] };
  let heading = '';
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const place = { file, line: at + 1, heading };
    const [opens, indent = '', language = ''] = fence.exec(line) ?? [];
    if (opens !== undefined) {
      const end = lines.findIndex((other, index) => index > at && other.trim() === '```');
      const inside = lines.slice(at + 1, end).map((other) => other.slice(indent.length));
      page.blocks.push({ ...place, language, text: inside.join('\n') });
      at = end;
      continue;
    }
    heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
    for (const [, span = ''] of line.matchAll(/`([^`]+)`/g))
      page.spans.push({ ...place, text: span.replaceAll('\\|', '|') });
    const above = page.tables.at(-1);
    if (!line.startsWith('|')) continue;
    const isContinued = lines[at - 1]?.startsWith('|');
    if (!isContinued) page.tables.push({ ...place, head: cells(line), rows: [] });
    else if (above && !/^\|[-|]+$/.test(line)) (above.rows as string[][]).push(cells(line));
  }
  return page;
}

const cells = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
