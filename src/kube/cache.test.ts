import { describe, expect, it } from 'vitest';
import { createCache } from './cache.ts';
import { createFakeClock } from './fake-clock.ts';
import type { VersionedInformer } from './informer.ts';
import { type KubeObject, keyOf } from './object.ts';

const object = (name: string, version: number): KubeObject => ({
  metadata: { name, namespace: 'ns', resourceVersion: `${version}` },
});

function setup() {
  const objects = new Map<string, KubeObject>();
  let resourceVersion = '10';
  const informer = {
    get: (key: string) => objects.get(key),
    list: (namespace: string) => [...objects.values()].filter(({ metadata }) => metadata.namespace === namespace),
    get resourceVersion() {
      return resourceVersion;
    },
  };
  const cache = createCache(informer as unknown as VersionedInformer<KubeObject>, createFakeClock());
  return {
    cache,
    listed: () => cache.list('ns').map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`),
    comes(...all: KubeObject[]) {
      for (const one of all) objects.set(keyOf(one.metadata), one);
      resourceVersion = all.at(-1)?.metadata.resourceVersion ?? resourceVersion;
    },
    goes(one: KubeObject, version: number) {
      objects.delete(keyOf(one.metadata));
      resourceVersion = `${version}`;
    },
  };
}

describe('cache', () => {
  it('has what was written before the watch tells it', () => {
    const { cache, listed, comes } = setup();
    comes(object('a', 11));
    cache.remember(object('a', 12));
    cache.remember(object('b', 13));
    expect(listed()).toEqual(['a@12', 'b@13']);
    expect(cache.get({ namespace: 'ns', name: 'b' })?.metadata.resourceVersion).toBe('13');
    expect(cache.list('other')).toEqual([]);
    comes(object('a', 12), object('b', 14));
    expect(listed()).toEqual(['a@12', 'b@14']);
  });

  it('forgets what was deleted since', () => {
    const { cache, listed, comes, goes } = setup();
    const b = object('b', 11);
    cache.remember(b);
    comes(b);
    goes(b, 12);
    expect(listed()).toEqual([]);
  });
});
