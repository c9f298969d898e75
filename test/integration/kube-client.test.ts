import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { WatchEvent } from '../../src/kube/client.ts';
import { type ConfigMap, configMaps } from '../../src/kube/config-map.ts';
import { isAlreadyExists, isConflict, isExpired } from '../../src/kube/errors.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { loadKubeconfig } from '../../src/kube/kubeconfig.ts';
import { secrets } from '../../src/kube/secret.ts';
import { clusterRoles, createNamespace, inParallel, installWidgets, range, type Widget, widgets } from './kube-kit.ts';
import { proxyKubeconfig } from './tcp-proxy.ts';

let client: ClosableKubeClient;
let namespace: string;

beforeAll(async () => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  namespace = await createNamespace(client, 'client');
});
afterAll(() => client.close());

const config = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  metadata: { namespace, name },
  data,
});
const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('objects', () => {
  test('are created, read, changed and deleted', async () => {
    const key = { namespace, name: 'crud' };
    expect(await client.find(configMaps, key)).toBeUndefined();
    const created = await client.create(configMaps, config('crud', { a: '1' }));
    expect(created).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } });
    expect(typeof created.metadata.creationTimestamp).toBe('string');
    expect(isAlreadyExists(await caught(client.create(configMaps, config('crud'))))).toBe(true);

    await client.mergePatch(configMaps, key, { data: { a: null, b: '2' } });
    const patched = await client.jsonPatch(configMaps, key, [{ op: 'add', path: '/data/c', value: '3' }]);
    expect(patched.data).toEqual({ b: '2', c: '3' });
    expect(isConflict(await caught(client.replace(configMaps, { ...created, data: {} })))).toBe(true);
    expect((await client.replace(configMaps, { ...patched, data: { d: '4' } })).data).toEqual({ d: '4' });
    expect(await client.get(configMaps, key)).toMatchObject({ data: { d: '4' } });

    await client.delete(configMaps, key);
    await client.delete(configMaps, key);
    await expect(client.get(configMaps, key)).rejects.toThrow(
      `get configmaps ${namespace}/crud: configmaps "crud" not found (404)`,
    );
  });

  test('are not written by a dry run', async () => {
    expect((await client.create(configMaps, config('dry'), { dryRun: true })).metadata.uid).toBeDefined();
    expect(await client.find(configMaps, { namespace, name: 'dry' })).toBeUndefined();
  });

  test('keep the case and the colons of their names', async () => {
    const key = { name: `kit.test:${namespace}:MixedCase` };
    await client.create(clusterRoles, { metadata: key, rules: [] });
    expect((await client.get(clusterRoles, key)).metadata.name).toBe(key.name);
    await client.delete(clusterRoles, key);
    expect(await client.find(clusterRoles, key)).toBeUndefined();
  });

  test('are deleted only as they were when preconditions ask for it', async () => {
    const { metadata } = await client.create(configMaps, config('guarded'));
    const wrong = await caught(
      client.delete(configMaps, { namespace, name: 'guarded' }, { preconditions: { uid: 'another' } }),
    );
    expect(isConflict(wrong)).toBe(true);
    const preconditions = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
    await client.delete(configMaps, metadata, { preconditions, propagationPolicy: 'Background' });
    expect(await client.find(configMaps, metadata)).toBeUndefined();
  });

  test('are deleted together by a selector', async () => {
    for (const name of ['x1', 'x2', 'y1']) {
      await client.create(configMaps, { metadata: { namespace, name, labels: { group: name.slice(0, 1) } } });
    }
    await client.deleteCollection(configMaps, { namespace, labelSelector: 'group=x' });
    const { items } = await client.list(configMaps, { namespace, labelSelector: 'group' });
    expect(items.map((item) => item.metadata.name)).toEqual(['y1']);
  });

  test('of the kind Secret are not quoted by errors', async () => {
    const metadata = { namespace, name: 'broken' };
    const secret = { metadata, data: { 'a b': 'aHVudGVyMg==', c: 'not base64: hunter2' } };
    expect(String(await caught(client.create(secrets, secret)))).not.toContain('hunter2');
  });
});

describe('server-side apply', () => {
  test('meets another manager, and takes over by force', async () => {
    await client.apply(configMaps, config('shared', { a: '1' }), { fieldManager: 'one' });
    const conflict = await caught(client.apply(configMaps, config('shared', { a: '2' }), { fieldManager: 'two' }));
    expect(isConflict(conflict)).toBe(true);
    const forced = await client.apply(configMaps, config('shared', { a: '2' }), { fieldManager: 'two', force: true });
    expect(forced.data).toEqual({ a: '2' });
    const both = await client.apply(configMaps, config('shared', { b: '3' }), { fieldManager: 'one' });
    expect(both.data).toEqual({ a: '2', b: '3' });
  });

  test('leaves resourceVersion as it is when nothing changes', async () => {
    const first = await client.apply(configMaps, config('same', { a: '1' }), { fieldManager: 'one' });
    const second = await client.apply(configMaps, config('same', { a: '1' }), { fieldManager: 'one' });
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });
});

test('a status is written by its subresource alone, at once after its CRD', async () => {
  await installWidgets(client);
  const widget: Widget = { metadata: { namespace, name: 'w' }, spec: { size: 1 }, status: { phase: 'ignored' } };
  const created = await client.create(widgets, widget);
  expect(created).toMatchObject({ apiVersion: 'kit.test/v1', metadata: { generation: 1 } });
  expect(created.status).toBeUndefined();
  const status = { status: { phase: 'Ready', note: 'x' } };
  const subresource = 'status';
  expect((await client.mergePatch(widgets, widget.metadata, status, { subresource })).status).toEqual(status.status);
  const cleared = await client.mergePatch(widgets, widget.metadata, { status: { phase: null } }, { subresource });
  expect(cleared).toMatchObject({ metadata: { generation: 1 }, status: { note: 'x' } });
  expect(cleared.status).not.toHaveProperty('phase');
  const applied = { metadata: widget.metadata, status: { phase: 'Applied' } };
  const after = await client.apply(widgets, applied, { fieldManager: 'one', subresource });
  expect(after).toMatchObject({ spec: { size: 1 }, status: { phase: 'Applied', note: 'x' } });
});

describe('lists', () => {
  test('of 1,200 objects come in three pages, whole', async () => {
    const many = await createNamespace(client, 'pages');
    const create = (index: number) =>
      client.create(configMaps, { metadata: { namespace: many, name: `c${index}`, labels: { kit: 'page' } } });
    await inParallel(range(1_200), create);
    let requests = 0;
    const counting = createKubeClient({ kubeconfig: inject('kubeconfig'), onRequest: () => (requests += 1) });
    const { items, resourceVersion } = await counting.list(configMaps, {
      namespace: many,
      labelSelector: 'kit=page',
      pageSize: 500,
    });
    await counting.close();
    expect(requests).toBe(3);
    expect(new Set(items.map((item) => item.metadata.name)).size).toBe(1_200);
    expect(items.every((item) => item.kind === 'ConfigMap' && item.apiVersion === 'v1')).toBe(true);
    expect(Number(resourceVersion)).toBeGreaterThan(0);
    await client.deleteCollection(configMaps, { namespace: many });
  });
});

describe('watches', () => {
  const summary = (event: WatchEvent<ConfigMap>) => `${event.type} ${event.object.metadata.name}`;

  test('tell changes, end when asked to with a bookmark before, and go on from there', async () => {
    const { resourceVersion } = await client.list(configMaps, { namespace });
    const { signal } = new AbortController();
    const seen: string[] = [];
    let last = resourceVersion;
    await client.create(configMaps, config('watched'));
    for await (const event of client.watch(configMaps, { namespace, resourceVersion, timeoutSeconds: 4, signal })) {
      seen.push(event.type === 'BOOKMARK' ? 'BOOKMARK' : summary(event));
      last = event.object.metadata.resourceVersion ?? '';
      // Bookmarks are only for versions that came after the beginning of the watch.
      if (event.type === 'ADDED') await client.mergePatch(configMaps, event.object.metadata, { data: { a: 'ü' } });
    }
    expect(seen.slice(0, 3)).toEqual(['ADDED watched', 'MODIFIED watched', 'BOOKMARK']);
    await client.delete(configMaps, { namespace, name: 'watched' });
    for await (const event of client.watch(configMaps, { namespace, resourceVersion: last, signal })) {
      expect(summary(event as WatchEvent<ConfigMap>)).toBe('DELETED watched');
      break;
    }
  });

  test('from an ancient version are expired', async () => {
    await installWidgets(client);
    const { signal } = new AbortController();
    const watching = client.watch(widgets, { namespace, resourceVersion: '1', signal });
    expect(isExpired(await caught(watching[Symbol.asyncIterator]().next()))).toBe(true);
  });
});

describe('connections', () => {
  test('500 calls one after another share a socket or two, 500 together no more than allowed', async () => {
    const { proxy, content } = await proxyKubeconfig(inject('kubeconfig'));
    const proxied = createKubeClient({ content, connections: 8 });
    const key = { namespace, name: 'absent' };
    for (const _ of range(500)) await proxied.find(configMaps, key);
    // The pool may take another while the first is still finishing.
    expect(proxy.accepted).toBeLessThanOrEqual(2);
    await Promise.all(range(500).map(() => proxied.find(configMaps, key)));
    expect(proxy.accepted).toBeLessThanOrEqual(8);
    await proxied.close();
    await vi.waitFor(() => expect(proxy.open).toBe(0));
    await proxy.close();
  });

  test('a kept connection that was cut meanwhile does not fail a get', async () => {
    const { proxy, content } = await proxyKubeconfig(inject('kubeconfig'));
    const proxied = createKubeClient({ content });
    for (const _ of range(20)) {
      await proxied.find(configMaps, { namespace, name: 'absent' });
      proxy.cut();
    }
    await proxied.close();
    await proxy.close();
  });

  test('credentials that are replaced in the file are used by the next call', async () => {
    const { config: admin } = loadKubeconfig({ kubeconfig: inject('kubeconfig') });
    const right = admin.exportConfig();
    const document = JSON.parse(right);
    for (const entry of document.users) entry.user = { token: 'expired' };
    await mkdir(inject('landscapeDir'), { recursive: true });
    const file = join(inject('landscapeDir'), 'rotated.kubeconfig');
    await writeFile(file, JSON.stringify(document));
    const rotated = createKubeClient({ kubeconfig: file });
    await expect(rotated.list(configMaps, { namespace })).rejects.toMatchObject({ code: 401 });
    await writeFile(file, right);
    await expect(rotated.list(configMaps, { namespace })).resolves.toBeDefined();
    await rotated.close();
  });
});
