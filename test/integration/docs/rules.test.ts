import { describe, expect, test } from 'vitest';
import { commandsOf, isOfCommands } from './commands.ts';
import { flagsOfHelp } from './flag-tables.ts';
import { hole, literalsOf } from './literals.ts';
import type { Block } from './markdown.ts';
import { isProduced } from './messages.ts';
import { notPrinted } from './shown.ts';

const block = (text: string, language = ''): Block => ({ file: 'a.md', line: 1, language, text });
const span = (text: string) => ({ file: 'a.md', line: 2, text });

test.each([
  ['kubectl get x\nmake up', '', true],
  ['A=1 \\\n  vitest run x', '', true],
  ['kubectl get x', 'sh', true],
  ['kubectl get x', 'yaml', false],
  ['kubectl apply        gardenlet ──▶\n ─────', '', false],
  ['node network x disappeared', '', false],
])('%j in %j is a block of commands: %s', (text, language, expected) => {
  expect(isOfCommands(block(text, language))).toBe(expected);
});

test('commands lose their remarks, names of programs are none', () => {
  const blocks = [block('make up ONCE=1 OUTPUT=json one document\nhelm install \\\n    a b   # here')];
  const spans = ['kubectl apply', 'kubectl create token', 'kubectl get shoot x', 'make up', 'nodes and more'].map(span);
  const texts = commandsOf({ blocks, spans }).map(({ text }) => text);
  expect(texts).toEqual(['make up ONCE=1 OUTPUT=json', 'helm install a b', 'kubectl get shoot x', 'make up']);
});

describe('what is shown', () => {
  const printed = 'etcd (1.3s)\nmore\nnetwork 7cf3c256-32b9-4409-93fb-64afebede10d  of a-7a9cc\nend';
  test.each([
    ['etcd (0.7s)\n…\nend', []],
    ['network 9cdcd92b-32b9-4409-93fb-000000000000 of a-x4k9c', []],
    ['network 7cf3c256-…  of a-7a9cc', []],
    ['end\netcd (0.7s)', ['etcd (0.7s)']],
    ['etc (0.7s)', ['etc (0.7s)']],
    ['network 7cf3c256-… of b-7a9cc', ['network 7cf3c256-… of b-7a9cc']],
  ])('%j lacks %j', (shown, missing) => {
    expect(notPrinted(shown, printed)).toEqual(missing);
  });
});

describe('what is quoted', () => {
  const literals = literalsOf(`
    // 'no text'
    const a = \`network \${id} of \${names.map((name) => \`<\${name}>\`).join(', ')} does not exist in metal-api\`;
    const b = "the hash can't be kept: " + 'it\\'s gone';
  `);

  test('texts are found, with holes for what is filled in', () => {
    const first = `network ${hole} of ${hole} does not exist in metal-api`;
    expect(literals).toEqual([first, `<${hole}>`, ', ', "the hash can't be kept: ", "it's gone"]);
  });

  test.each([
    ['network ... does not exist in metal-api', true],
    ['network a does not exist in metal-api', true],
    ["the hash can't be kept: ...", true],
    ['network ... is not known to metal-api', false],
    ['the hash is lost', false],
  ])('%j is the product’s: %s', (quote, expected) => {
    expect(isProduced(quote, literals)).toBe(expected);
  });
});

test('flags are read from --help', () => {
  const help =
    'Flags:\n  -f, --file=<path>\n      A file. (default a,\n      b)\n  --dry\n      Only show. (default false, environment DRY)\n';
  expect([...flagsOfHelp(help)]).toEqual([
    ['file', 'a, b'],
    ['dry', 'false'],
  ]);
});
