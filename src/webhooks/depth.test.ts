import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDeeperThan } from './depth.ts';

const deeper = (text: string, max: number) => isDeeperThan(Buffer.from(text), max);

it.each<[string, number, boolean]>([
  ['[]', 1, false],
  ['[[]]', 1, true],
  ['[{},{},{}]', 2, false],
  ['{"a":{"b":[]}}', 2, true],
  ['"[[[[["', 1, false],
  ['["\\"[[[["]', 1, false],
  ['["\\\\",[[]]]', 2, true],
  ['"[[[', 1, false],
  ['"\\', 1, false],
  [']]]][[', 1, false],
])('%s, %d: %s', (text, max, expected) => expect(deeper(text, max)).toBe(expected));

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

it('counts as a walk through the parsed value does', () =>
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      const depth = depthOf(JSON.parse(text));
      return !deeper(text, depth) && (depth === 0 || deeper(text, depth - 1));
    }),
  ));
