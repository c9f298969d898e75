import { describe, expect, it } from 'vitest';
import type { Informer } from '../../kube/lister.ts';
import type { KubeObject } from '../../kube/object.ts';
import { defineResource } from '../../kube/resource.ts';
import { watched } from '../../providers/health.ts';
import { createSources, matters } from './sources.ts';

interface Thing extends KubeObject {
  size?: number;
  noise?: number;
}

const things = defineResource<Thing>({ group: 'g', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true });
const small = ({ metadata, size = 0 }: Thing): Thing => ({ metadata, size });
const all = watched(things, small);
const one = watched(things, small, 'one');

const thing = (change: Partial<Thing> = {}, resourceVersion = '1', name = 'one'): Thing => ({
  metadata: { namespace: 'ns', name, resourceVersion },
  ...change,
});

function informerOf(...objects: Thing[]): Informer<KubeObject> {
  const keyed = new Map(objects.map((object) => [`ns/${object.metadata.name}`, object]));
  return { get: (key: string) => keyed.get(key), list: () => objects } as unknown as Informer<KubeObject>;
}

describe('sources', () => {
  it('makes one informer for what is watched twice', () => {
    const made: (string | undefined)[] = [];
    const sources = createSources([one, all, one, all], [], ({ name }) => {
      made.push(name);
      return informerOf(thing());
    });
    expect(made).toEqual(['one', undefined]);
    expect(sources.informers).toHaveLength(2);
  });

  it('makes none where another runs anyway', () => {
    const informer = informerOf(thing({ size: 7 })) as unknown as Informer<never>;
    const sources = createSources([all], [{ resource: things, informer }], () => {
      throw new Error('made');
    });
    expect(sources.informers).toEqual([]);
    expect(sources.informer(all)).toBe(informer);
    expect(sources.in('ns').find(things, 'one')?.size).toBe(7);
    expect(sources.in('ns').list(things)).toHaveLength(1);
  });

  it('has no answer for what is not watched', () => {
    const sources = createSources([one], [], () => informerOf());
    expect(sources.in('ns').find(things, 'one')).toBeUndefined();
    expect(() => sources.in('ns').find(things, 'two')).toThrow('is read by a health check, and not watched');
    expect(() => sources.in('ns').list(things)).toThrow('is read by a health check, and not watched');
  });
});

it.each([
  ['a new version', one, thing({}, '1'), thing({}, '2'), false],
  ['a change that nobody reads', one, thing({ noise: 1 }, '1'), thing({ noise: 2 }, '2'), false],
  ['a change', one, thing({ size: 1 }), thing({ size: 2 }), true],
  ['a change of another one', one, thing({ size: 1 }, '1', 'two'), thing({ size: 2 }, '2', 'two'), false],
  ['a change of any', all, thing({ size: 1 }, '1', 'two'), thing({ size: 2 }, '2', 'two'), true],
])('matters: %s', (_, what, old, object, expected) => {
  expect(matters(what, { type: 'update', old, object })).toBe(expected);
});

it.each(['add', 'delete'] as const)('matters: %s', (type) => {
  expect(matters(one, { type, object: thing(), initial: false })).toBe(true);
  expect(matters(one, { type, object: thing({}, '1', 'two'), initial: false })).toBe(false);
});
