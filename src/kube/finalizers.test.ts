import { describe, expect, it } from 'vitest';
import { type MetadataChange, metadataPatch } from './finalizers.ts';
import type { ObjectMeta } from './object.ts';

const meta = (more: Partial<ObjectMeta> = {}) => ({ metadata: { name: 'infra', resourceVersion: '7', ...more } });

describe('metadataPatch', () => {
  const cases: [string, Partial<ObjectMeta>, MetadataChange, object | undefined][] = [
    ['adds to none', {}, { addFinalizer: 'a' }, { finalizers: ['a'] }],
    ['keeps those of others', { finalizers: ['x'] }, { addFinalizer: 'a' }, { finalizers: ['x', 'a'] }],
    ['does not add twice', { finalizers: ['a'] }, { addFinalizer: 'a' }, undefined],
    ['removes its own', { finalizers: ['x', 'a'] }, { removeFinalizers: ['a'] }, { finalizers: ['x'] }],
    ['removes the last', { finalizers: ['a'] }, { removeFinalizers: ['a'] }, { finalizers: [] }],
    ['removes all', { finalizers: ['x', 'a'] }, { removeFinalizers: 'all' }, { finalizers: [] }],
    ['removes none of none', {}, { removeFinalizers: 'all' }, undefined],
    ['has nothing to remove', { finalizers: ['x'] }, { removeFinalizers: ['a'] }, undefined],
    ['swaps one', { finalizers: ['x'] }, { removeFinalizers: ['x'], addFinalizer: 'a' }, { finalizers: ['a'] }],
    [
      'combines with an annotation',
      { annotations: { op: 'reconcile', other: '1' } },
      { addFinalizer: 'a', removeAnnotations: ['op', 'gone'] },
      { finalizers: ['a'], annotations: { op: null } },
    ],
    ['only an annotation', { annotations: { op: '' } }, { removeAnnotations: ['op'] }, { annotations: { op: null } }],
    ['an annotation that is not there', { annotations: { x: '' } }, { removeAnnotations: ['op'] }, undefined],
    ['a name every object has', {}, { removeAnnotations: ['constructor'] }, undefined],
    ['nothing wanted', { finalizers: ['x'] }, {}, undefined],
  ];
  it.each(cases)('%s', (_, before, change, expected) => {
    expect(metadataPatch(meta(before), change)).toEqual(
      expected && { metadata: { resourceVersion: '7', ...expected } },
    );
  });

  it('refuses an object that it cannot guard', () => {
    expect(() => metadataPatch({ metadata: { name: 'x' } }, { addFinalizer: 'a' })).toThrow('no resourceVersion');
  });
});
