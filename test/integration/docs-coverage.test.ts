import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsOf, isOfCommands } from './docs/commands.ts';
import { elsewhere, targets } from './docs/elsewhere.ts';
import { type Block, readPages, root } from './docs/markdown.ts';
import { notHere, type Output, outputs } from './docs/outputs.ts';
import { lastSteps, steps } from './docs/steps.ts';

/** Nothing in the docs escapes the walk (docs-walk.test.ts), and the walk has nothing that is no more in the docs. */
const pages = await readPages();
const commands = pages.flatMap(commandsOf);
const isMake = ({ text }: { readonly text: string }) => text.startsWith('make ');

describe('commands', () => {
  const carriedOut = [...steps, ...lastSteps].map(({ command }) => command);

  test('each is carried out, or known to be run elsewhere', () => {
    const known = [...carriedOut, ...Object.keys(elsewhere)];
    const unknown = commands.filter((command) => !isMake(command) && !known.includes(command.text));
    expect(unknown).toEqual([]);
  });

  test('none is carried out that no page has', () => {
    const texts = commands.map(({ text }) => text);
    expect(carriedOut.filter((command) => !texts.includes(command))).toEqual([]);
  });

  test.each(Object.entries(elsewhere))('%s is run elsewhere: %s', (command) => {
    expect(commands.map(({ text }) => text)).toContain(command);
  });

  test.each(Object.entries(targets))('make %s is run by %s', async (target) => {
    expect(await documentedTargets()).toContain(target);
  });

  test('each target of the Makefile is known', async () => {
    expect((await documentedTargets()).filter((target) => !(target in targets))).toEqual([]);
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

async function documentedTargets(): Promise<string[]> {
  const makefile = await readFile(join(root, 'Makefile'), 'utf8');
  return [...makefile.matchAll(/^([a-z]+):.*##/gm)].map(([, target = '']) => target);
}

const makePrograms = ['Makefile', 'landscape/up/settings.ts', 'hack/release/main.ts', 'test/bench/main.ts'];

describe('blocks', () => {
  const blocks = pages.flatMap((page) => page.blocks);
  const isDrawing = ({ language, text }: { language: string; text: string }) =>
    language === 'mermaid' || /[─▶►│]|^src\/$/m.test(text);
  const shows = ({ file, text }: { file: string; text: string }, output: Output) =>
    output.file === file && text.trimStart().startsWith(output.begins);
  const isShown = (block: Block) => [...outputs, ...notHere].some((output) => shows(block, output));

  test('each is commands, output that is compared, a drawing, or in a language that has its rule', () => {
    const others = blocks.filter((block) => !isOfCommands(block) && !isShown(block) && !isDrawing(block));
    expect(others.filter(({ language }) => !['yaml', 'json', 'ts'].includes(language))).toEqual([]);
  });

  test.each([...outputs, ...notHere])('$file shows $begins', (output) => {
    expect(blocks.filter((block) => shows(block, output))).toHaveLength(1);
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
