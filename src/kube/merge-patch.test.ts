import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMergePatch } from './memory/patch.ts';
import { isZero, patchOfFields, patchOfWhole } from './merge-patch.ts';

describe('patchOfFields', () => {
  it.each<[string, unknown, Record<string, unknown>, unknown]>([
    ['nothing there', undefined, { a: 1 }, { a: 1 }],
    ['equal', { a: { b: [1, { c: 2 }] }, x: 1 }, { a: { b: [1, { c: 2 }] } }, undefined],
    ['one field', { a: { b: 1, c: 2 } }, { a: { b: 3, c: 2 } }, { a: { b: 3 } }],
    ['a field of others', { a: { b: 1, theirs: 2 } }, { a: { b: 1 } }, undefined],
    ['a removal', { a: 1 }, { a: null }, { a: null }],
    ['a removal of nothing', {}, { a: null, b: undefined }, undefined],
    ['an array as a whole', { a: [1, 2] }, { a: [2] }, { a: [2] }],
    ['an object in the place of a value', { a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['a value in the place of an object', { a: { b: 1 } }, { a: 1 }, { a: 1 }],
    ['empty and absent are the same', { a: { b: null } }, { a: {} }, undefined],
    ['zero and false are values', {}, { a: 0, b: false }, { a: 0, b: false }],
  ])('%s', (_, live, desired, expected) => expect(patchOfFields(live, desired)).toEqual(expected));
});

describe('patchOfWhole', () => {
  it.each<[string, unknown, Record<string, unknown>, unknown]>([
    ['a field too many', { a: 1, b: 2 }, { a: 1 }, { b: null }],
    ['a field too many within', { a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { c: null } }],
    ['a label with a name that every object inherits', { a: 1, constructor: 'x' }, { a: 1 }, { constructor: null }],
    ['what Go writes for nothing', { a: 1, t: { creationTimestamp: null }, s: {} }, { a: 1 }, undefined],
    ['all', { a: { b: 1 } }, { a: {} }, { a: { b: null } }],
  ])('%s', (_, live, desired, expected) => expect(patchOfWhole(live, desired)).toEqual(expected));

  it.each<[string, unknown, Record<string, unknown>, unknown]>([
    ['what omitempty leaves out', {}, { text: '', flag: false, number: 0, list: [], tree: { list: [] } }, undefined],
    ['what nobody wants, and is nothing', { text: '', flag: false, list: [] }, {}, undefined],
    ['a list that becomes empty', { list: [1] }, { list: [] }, { list: [] }],
    ['a field too many', { text: 'a', flag: true }, { text: '' }, { text: '', flag: null }],
  ])('%s, where zero is nothing', (_, live, desired, expected) =>
    expect(patchOfWhole(live, desired, isZero)).toEqual(expected),
  );

  it('brings about what is desired, and then nothing more', () => {
    const leaf = fc.oneof(fc.nat(2), fc.constantFrom('a', 'b'), fc.array(fc.nat(2), { maxLength: 2 }));
    const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
      tree: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.oneof({ maxDepth: 3 }, leaf, tie('tree')), {
        minKeys: 1,
      }),
    }));
    fc.assert(
      fc.property(tree, tree, (live, desired) => {
        const after = applyMergePatch(live, patchOfWhole(live, desired) ?? {});
        expect(after).toEqual(desired);
        expect(patchOfWhole(after, desired)).toBeUndefined();
      }),
    );
  });
});
