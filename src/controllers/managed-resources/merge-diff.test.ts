import { expect, test } from 'vitest';
import { mergeDiff } from './merge-diff.ts';

test.each([
  ['nothing', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, {}],
  ['a new field', {}, { a: 1 }, { a: 1 }],
  ['another value', { a: 1, b: 2 }, { a: 2, b: 2 }, { a: 2 }],
  ['a field that goes', { a: 1, b: 2 }, { b: 2 }, { a: null }],
  ['a deep change', { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1 } } }, { a: { b: { d: null } } }],
  ['an array as a whole', { a: [1, 2] }, { a: [2] }, { a: [2] }],
  ['a value for a map', { a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
  ['a map for an array', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['a false for a true', { a: true }, { a: false }, { a: false }],
])('%s', (_, before, after, patch) => {
  expect(mergeDiff(before, after)).toEqual(patch);
});
