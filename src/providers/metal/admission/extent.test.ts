import { expect, it } from 'vitest';
import { isWithin } from './extent.ts';

const extent = { members: 4, depth: 2 };

it.each<[unknown, boolean]>([
  [undefined, true],
  [null, true],
  ['text', true],
  [{}, true],
  [[1, 2, 3, 4], true],
  [[1, 2, 3, 4, 5], false],
  [{ a: 1, b: [1, 2] }, true],
  [{ a: 1, b: { c: 1, d: 2, e: 3 } }, false],
  [{ a: { b: 1 } }, true],
  [{ a: { b: {} } }, true],
  [{ a: { b: [] } }, true],
  [{ a: { b: { c: 1 } } }, false],
  [[[[null]]], false],
  [JSON.parse('{"__proto__": {"a": [1]}}'), false],
  [JSON.parse('{"a": {"__proto__": {"b": 1}}}'), false],
])('%j within 4 members and 2 levels: %s', (value, expected) => expect(isWithin(value, extent)).toBe(expected));
