import { expect, test } from 'vitest';
import { differences } from './differences.ts';

test.each([
  ['nothing', { a: 1 }, { a: 1 }, []],
  ['a field', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', value: 2 }]],
  ['a new field', {}, { a: { b: 1 } }, [{ path: 'a', value: { b: 1 } }]],
  ['a field that is gone', { a: 1 }, {}, [{ path: 'a', value: undefined }]],
  ['an item of a list', { a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }] }, [{ path: 'a[0].c', value: 2 }]],
  ['a longer list', { a: [1] }, { a: [1, 2] }, [{ path: 'a', value: [1, 2] }]],
])('%s', (_, before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});
