import { describe, expect, test } from 'vitest';
import type { KubeObject } from './object.ts';
import { createStore } from './store.ts';

interface Pod extends KubeObject {
  node?: string;
  ips?: string[];
}

const pod = (namespace: string, name: string, fields: Partial<Pod> = {}): Pod => ({
  metadata: { namespace, name },
  ...fields,
});
const names = (pods: readonly Pod[]) => pods.map((each) => `${each.metadata.namespace}/${each.metadata.name}`).sort();

describe('createStore', () => {
  const filled = () => {
    const store = createStore<Pod>({ node: (each) => (each.node ? [each.node] : []), ip: (each) => each.ips ?? [] });
    store.put(pod('a', 'x', { node: 'n1', ips: ['1', '2'] }));
    store.put(pod('a', 'y', { node: 'n1', ips: ['2', '2'] }));
    store.put(pod('b', 'x', { node: 'n2' }));
    return store;
  };

  test('finds by key, namespace and index', () => {
    const store = filled();
    expect(store.get('b/x')?.node).toBe('n2');
    expect(names(store.list())).toEqual(['a/x', 'a/y', 'b/x']);
    expect(names(store.list('a'))).toEqual(['a/x', 'a/y']);
    expect(store.list('none')).toEqual([]);
    expect(names(store.byIndex('node', 'n1'))).toEqual(['a/x', 'a/y']);
    expect(names(store.byIndex('ip', '2'))).toEqual(['a/x', 'a/y']);
  });

  test('an object moves between the buckets of its indexes', () => {
    const store = filled();
    store.put(pod('a', 'x', { node: 'n2' }));
    expect(names(store.byIndex('node', 'n1'))).toEqual(['a/y']);
    expect(names(store.byIndex('node', 'n2'))).toEqual(['a/x', 'b/x']);
    expect(store.byIndex('ip', '1')).toEqual([]);
    store.remove('a/x');
    store.remove('a/x');
    expect(store.size).toBe(2);
    expect(names(store.byIndex('node', 'n2'))).toEqual(['b/x']);
  });

  test('an index that was not declared is a mistake of the caller', () => {
    expect(() => filled().byIndex('nod', 'n1')).toThrow('no index named "nod"');
  });
});
