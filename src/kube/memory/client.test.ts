import { describe, expect, test } from 'vitest';
import type { KubeClient } from '../client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../errors.ts';
import { createFakeClock } from '../fake-clock.ts';
import type { KubeObject } from '../object.ts';
import { defineResource } from '../resource.ts';
import { createMemoryClient } from './client.ts';
import { createMemoryStore } from './store.ts';

interface Widget extends KubeObject {
  spec?: { size?: number; color?: string };
  status?: { phase?: string };
}

const widgets = defineResource<Widget>({
  group: 'test.dev',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
});
const key = { namespace: 'ns', name: 'a' };
const widget = (change: Partial<Widget> = {}): Widget => ({ metadata: { ...key }, spec: { size: 1 }, ...change });

const setup = (base?: Pick<KubeClient, 'find' | 'list'>) => {
  const store = createMemoryStore(createFakeClock());
  const client = createMemoryClient({ store, writer: 'me', base: base && { client: base, namespace: 'ns' } });
  return { store, client };
};

/** Another cluster, made from the same kit. */
const seedWith = async (...objects: Widget[]) => {
  const { store, client } = setup();
  for (const object of objects) await client.create(widgets, object);
  return { store, client };
};

describe('calls', () => {
  test('a created object has what a server gives it, and is the caller’s own', async () => {
    const { client } = setup();
    const made = await client.create(widgets, widget());
    expect(made).toMatchObject({ apiVersion: 'test.dev/v1', kind: 'Widget', metadata: { resourceVersion: '1' } });
    expect(made.metadata.uid).toBeDefined();
    if (made.spec) made.spec.size = 99;
    expect((await client.get(widgets, key)).spec).toEqual({ size: 1 });
  });

  test('what is there, and what is not', async () => {
    const { client } = setup();
    expect(await client.find(widgets, key)).toBeUndefined();
    await expect(client.get(widgets, key)).rejects.toSatisfy(isNotFound);
    await expect(client.mergePatch(widgets, key, {})).rejects.toSatisfy(isNotFound);
    await client.delete(widgets, key);
    await client.create(widgets, widget());
    await expect(client.create(widgets, widget())).rejects.toSatisfy(isAlreadyExists);
  });

  test('an older version is a conflict', async () => {
    const { client } = setup();
    const made = await client.create(widgets, widget());
    await client.replace(widgets, { ...made, spec: { size: 2 } });
    await expect(client.replace(widgets, { ...made, spec: { size: 3 } })).rejects.toSatisfy(isConflict);
    const { resourceVersion } = made.metadata;
    await expect(client.mergePatch(widgets, key, { metadata: { resourceVersion } })).rejects.toSatisfy(isConflict);
  });

  test('a write changes status or the rest', async () => {
    const { client } = setup();
    await client.create(widgets, widget({ status: { phase: 'lost' } }));
    await client.mergePatch(widgets, key, { spec: { size: 5 }, status: { phase: 'up' } }, { subresource: 'status' });
    await client.mergePatch(widgets, key, { spec: { color: 'red' }, status: null });
    expect(await client.get(widgets, key)).toMatchObject({ spec: { size: 1, color: 'red' }, status: { phase: 'up' } });
  });

  test('JSON patches, server-side apply and deletion of many', async () => {
    const { client } = setup();
    await client.apply(widgets, widget(), { fieldManager: 'me' });
    await client.apply(widgets, widget({ spec: { color: 'red' } }), { fieldManager: 'me' });
    await client.jsonPatch(widgets, key, [{ op: 'replace', path: '/spec/size', value: 7 }]);
    expect((await client.get(widgets, key)).spec).toEqual({ size: 7, color: 'red' });
    await client.create(widgets, widget({ metadata: { namespace: 'other', name: 'a' } }));
    await client.deleteCollection(widgets, { namespace: 'ns' });
    expect((await client.list(widgets)).items.map(({ metadata }) => metadata.namespace)).toEqual(['other']);
  });

  test('a dry run writes nothing', async () => {
    const { client, store } = setup();
    await client.create(widgets, widget(), { dryRun: true });
    expect(store.changes()).toEqual([]);
  });

  test.each([
    ['a=1', ['x']],
    ['a==1,b', ['x']],
    ['a!=1', ['y', 'z']],
    ['b', ['x', 'y']],
    ['!b', ['z']],
    ['', ['x', 'y', 'z']],
  ])('labels selected by %j', async (labelSelector, names) => {
    const { client } = setup();
    const labels = { x: { a: '1', b: '' }, y: { b: '2' }, z: {} };
    for (const [name, own] of Object.entries(labels)) {
      await client.create(widgets, { metadata: { namespace: 'ns', name, labels: own } });
    }
    const { items } = await client.list(widgets, { labelSelector });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  test('a selector that is not known is refused', async () => {
    const { client } = await seedWith(widget());
    await expect(client.list(widgets, { labelSelector: 'a in (1,2)' })).rejects.toThrow('not supported');
    await expect(client.list(widgets, { fieldSelector: 'spec.size=1' })).rejects.toThrow('not supported');
  });

  test('a watch tells of what is written from now on', async () => {
    const { client } = setup();
    const stop = new AbortController();
    const events = client.watch(widgets, { namespace: 'ns', resourceVersion: '0', signal: stop.signal });
    const iterator = events[Symbol.asyncIterator]();
    const first = iterator.next();
    await client.create(widgets, widget({ metadata: { namespace: 'other', name: 'a' } }));
    await client.create(widgets, widget());
    await client.mergePatch(widgets, key, { spec: { size: 2 } });
    await client.delete(widgets, key);
    expect((await first).value).toMatchObject({ type: 'ADDED', object: { metadata: key } });
    expect((await iterator.next()).value).toMatchObject({ type: 'MODIFIED', object: { spec: { size: 2 } } });
    expect((await iterator.next()).value).toMatchObject({ type: 'DELETED' });
    stop.abort(new Error('enough'));
    await expect(iterator.next()).rejects.toThrow('enough');
  });
});

describe('what has changed', () => {
  test('is told from the first state to the last, with all who wrote', async () => {
    const { store, client } = setup();
    store.put({ apiVersion: 'test.dev/v1', kind: 'Widget', ...widget() });
    const other = createMemoryClient({ store, writer: 'other' });
    await client.mergePatch(widgets, key, { spec: { size: 2 } });
    await other.mergePatch(widgets, key, { spec: { size: 3 } });
    const [change, ...rest] = store.changes();
    expect(rest).toEqual([]);
    expect(change).toMatchObject({ before: { spec: { size: 1 } }, after: { spec: { size: 3 } } });
    expect([...(change?.writers ?? [])]).toEqual(['me', 'other']);
  });

  test('is nothing when a write changes nothing', async () => {
    const { store, client } = setup();
    store.put({ apiVersion: 'test.dev/v1', kind: 'Widget', ...widget() });
    await client.mergePatch(widgets, key, { spec: { size: 1 } });
    expect(store.changes()).toEqual([]);
  });
});

describe('above another cluster', () => {
  test('reads go through, writes stay here', async () => {
    const below = await seedWith(widget(), widget({ metadata: { namespace: 'ns', name: 'b' } }));
    const { store, client } = setup(below.client);
    await client.mergePatch(widgets, key, { spec: { size: 2 } });
    await client.delete(widgets, { namespace: 'ns', name: 'b' });
    await client.create(widgets, widget({ metadata: { namespace: 'ns', name: 'c' } }));
    expect((await client.list(widgets)).items.map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
    expect(await client.find(widgets, { namespace: 'ns', name: 'b' })).toBeUndefined();
    expect((await below.client.get(widgets, key)).spec).toEqual({ size: 1 });
    const changes = store.changes().map(({ before, after }) => [before?.metadata.name, after?.metadata.name]);
    expect(changes).toEqual([
      ['a', 'a'],
      ['b', undefined],
      [undefined, 'c'],
    ]);
  });

  test('lists without a namespace see one namespace only', async () => {
    const below = await seedWith(widget(), widget({ metadata: { namespace: 'far', name: 'b' } }));
    const { items } = await setup(below.client).client.list(widgets);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  test('versions here are newer than those below', async () => {
    const below = await seedWith(...['a', 'b', 'c'].map((name) => widget({ metadata: { namespace: 'ns', name } })));
    const { client } = setup(below.client);
    const { resourceVersion } = await client.list(widgets);
    const made = await client.create(widgets, widget({ metadata: { namespace: 'ns', name: 'd' } }));
    expect(Number(made.metadata.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
  });
});
