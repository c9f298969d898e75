import { describe, expect, it } from 'vitest';
import { ApiError } from './errors.ts';
import { isOutdated, type MetadataChange, metadataPatch } from './finalizers.ts';
import type { ObjectMeta } from './object.ts';

const meta = (more: Partial<ObjectMeta> = {}) => ({ metadata: { name: 'infra', uid: 'u', ...more } });
const finalizers = (before: readonly string[] | null, after: readonly string[]) => [
  { op: 'test', path: '/metadata/finalizers', value: before },
  { op: 'add', path: '/metadata/finalizers', value: after },
];
const test = (path: string, value: unknown) => ({ op: 'test', path: `/metadata/annotations${path}`, value });
const remove = (path: string) => ({ op: 'remove', path: `/metadata/annotations${path}` });

describe('metadataPatch', () => {
  const cases: [string, Partial<ObjectMeta>, MetadataChange, object[] | undefined][] = [
    ['adds to none', {}, { addFinalizer: 'a' }, finalizers(null, ['a'])],
    ['adds to an empty list', { finalizers: [] }, { addFinalizer: 'a' }, finalizers(null, ['a'])],
    ['keeps those of others', { finalizers: ['x'] }, { addFinalizer: 'a' }, finalizers(['x'], ['x', 'a'])],
    ['does not add twice', { finalizers: ['a'] }, { addFinalizer: 'a' }, undefined],
    ['removes its own', { finalizers: ['x', 'a'] }, { removeFinalizers: ['a'] }, finalizers(['x', 'a'], ['x'])],
    ['removes the last', { finalizers: ['a'] }, { removeFinalizers: ['a'] }, finalizers(['a'], [])],
    ['removes all', { finalizers: ['x', 'a'] }, { removeFinalizers: 'all' }, finalizers(['x', 'a'], [])],
    ['removes none of none', {}, { removeFinalizers: 'all' }, undefined],
    ['has nothing to remove', { finalizers: ['x'] }, { removeFinalizers: ['a'] }, undefined],
    ['swaps one', { finalizers: ['x'] }, { removeFinalizers: ['x'], addFinalizer: 'a' }, finalizers(['x'], ['a'])],
    [
      'combines with an annotation',
      { annotations: { op: 'reconcile', other: '1' } },
      { addFinalizer: 'a', removeAnnotations: ['op', 'gone'] },
      [test('/op', 'reconcile'), remove('/op'), ...finalizers(null, ['a'])],
    ],
    [
      'only an annotation, its name escaped',
      { annotations: { 'x.io/~op': '' } },
      { removeAnnotations: ['x.io/~op'] },
      [test('/x.io~1~0op', ''), remove('/x.io~1~0op')],
    ],
    [
      'while others are as they were read',
      { annotations: { op: 'restore', time: '1' } },
      { removeAnnotations: ['op'], ifUnchanged: ['op', 'time', 'absent'] },
      [test('/op', 'restore'), test('/time', '1'), test('/absent', null), remove('/op')],
    ],
    [
      'while there are no annotations',
      { finalizers: ['a'] },
      { removeFinalizers: ['a'], ifUnchanged: ['op'] },
      [test('', null), ...finalizers(['a'], [])],
    ],
    ['an annotation that is not there', { annotations: { x: '' } }, { removeAnnotations: ['op'] }, undefined],
    ['a name every object has', {}, { removeAnnotations: ['constructor'] }, undefined],
    ['nothing wanted', { finalizers: ['x'] }, { ifUnchanged: ['op'] }, undefined],
  ];
  it.each(cases)('%s', (_, before, change, expected) => {
    const guard = { op: 'test', path: '/metadata/uid', value: 'u' };
    expect(metadataPatch(meta(before), change)).toEqual(expected && [guard, ...expected]);
  });

  it('refuses an object that it cannot guard', () => {
    expect(() => metadataPatch({ metadata: { name: 'x' } }, { addFinalizer: 'a' })).toThrow('no uid');
  });
});

describe('isOutdated', () => {
  it.each([
    ['a conflict', new ApiError(409, { reason: 'Conflict' }), true],
    ['a test that failed', new ApiError(422, { reason: 'Invalid', details: {} }), true],
    ['an invalid field', new ApiError(422, { details: { causes: [{ field: 'spec.type' }] } }), false],
    ['a name that is taken', new ApiError(409, { reason: 'AlreadyExists' }), false],
    ['not found', new ApiError(404, {}), false],
    ['anything else', new Error('boom'), false],
  ])('%s: %s', (_, error, expected) => expect(isOutdated(error)).toBe(expected));
});
