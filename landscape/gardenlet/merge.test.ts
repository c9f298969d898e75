import { expect, test } from 'vitest';
import { mergeDiff } from './merge.ts';

test.each<[string, object, object, object | undefined]>([
  ['equal', { spec: { a: 1 } }, { spec: { a: 1 } }, undefined],
  ['equal but for the order of keys, also in lists', { a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] }, undefined],
  ['a value', { spec: { a: 1, b: 2 } }, { spec: { a: 3, b: 2 } }, { spec: { a: 3 } }],
  ['a key that is gone', { spec: { a: 1, b: 2 } }, { spec: { a: 1 } }, { spec: { b: null } }],
  ['a top-level key of others', { status: {}, spec: {} }, { spec: {} }, undefined],
  ['lists are replaced whole', { spec: { l: [1, 2] } }, { spec: { l: [2] } }, { spec: { l: [2] } }],
  ['null is absent', { spec: { a: null } }, { spec: {} }, undefined],
  ['absent is null', { spec: {} }, { spec: { a: null } }, undefined],
  ['new', {}, { spec: { a: 1 } }, { spec: { a: 1 } }],
  ['an object instead of a value', { spec: 1 }, { spec: { a: 1 } }, { spec: { a: 1 } }],
])('%s', (_name, before, after, expected) => {
  expect(mergeDiff({ ...before }, { ...after })).toEqual(expected);
});
