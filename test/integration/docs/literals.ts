import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './markdown.ts';

/** Stands in a text for what is filled in. */
export const hole = '\u0000';

/** All texts in the product's sources; `${...}` of a template is a hole. */
export async function readLiterals(): Promise<readonly string[]> {
  const texts = new Set<string>();
  for await (const file of glob('src/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.test.ts') })) {
    for (const text of literalsOf(await readFile(join(root, file), 'utf8'))) texts.add(text);
  }
  return [...texts];
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`/g;

export function literalsOf(source: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [text] = match;
    if (text.startsWith('/')) continue;
    if (text !== '`') {
      found.push(unescaped(text.slice(1, -1)));
      continue;
    }
    const { parts, end } = template(source, match.index + 1);
    found.push(unescaped(parts.text), ...parts.inside.flatMap(literalsOf));
    token.lastIndex = end;
  }
  return found;
}

/** From behind the backtick to behind its partner. */
function template(source: string, start: number): { parts: { text: string; inside: string[] }; end: number } {
  const parts = { text: '', inside: [] as string[] };
  let at = start;
  while (at < source.length && source[at] !== '`') {
    if (source.startsWith('${', at)) {
      const end = closing(source, at + 2);
      parts.inside.push(source.slice(at + 2, end));
      parts.text += hole;
      at = end + 1;
    } else {
      const length = source[at] === '\\' ? 2 : 1;
      parts.text += source.slice(at, at + length);
      at += length;
    }
  }
  return { parts, end: at + 1 };
}

/** Where the brace closes that was opened before `start`. */
function closing(source: string, start: number): number {
  let depth = 1;
  let at = start;
  for (; at < source.length; at += 1) {
    if (source[at] === '`') at = template(source, at + 1).end - 1;
    if (source[at] === '{') depth += 1;
    if (source[at] === '}') depth -= 1;
    if (depth === 0) break;
  }
  return at;
}

const unescaped = (text: string): string => text.replaceAll('\\n', '\n').replace(/\\(['"`\\$])/g, '$1');
