import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { type ConfigMap, configMaps } from '../../src/kube/config-map.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { createInformer, type InformerOptions, type VersionedInformer } from '../../src/kube/informer.ts';
import type { InformerEvent } from '../../src/kube/lister.ts';
import { keyOf } from '../../src/kube/object.ts';
import type { ReflectorObservation } from '../../src/kube/reflector.ts';
import { createReadYourWrites } from '../../src/kube/written.ts';
import { createNamespace, inParallel, installWidgets, range, silent, widgets } from './kube-kit.ts';
import { proxyKubeconfig, type TcpProxy } from './tcp-proxy.ts';

let direct: ClosableKubeClient;
let proxied: ClosableKubeClient;
let proxy: TcpProxy;
let namespace: string;
let abort: AbortController;
let running: Promise<void>;

beforeAll(() => {
  direct = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
afterAll(() => direct.close());

beforeEach(async () => {
  namespace = await createNamespace(direct, 'reflector');
  const through = await proxyKubeconfig(inject('kubeconfig'));
  proxy = through.proxy;
  proxied = createKubeClient({ content: through.content });
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await running;
  await proxied.close();
  await proxy.close();
  await direct.deleteCollection(configMaps, { namespace });
});

interface Followed {
  readonly informer: VersionedInformer<ConfigMap>;
  readonly seen: InformerEvent<ConfigMap>[];
  readonly count: (type: ReflectorObservation['type']) => number;
}

/** Runs an informer through the proxy, with a clock that makes its waits a tenth as long. */
async function follow(client: KubeClient, options: Partial<InformerOptions<ConfigMap>> = {}): Promise<Followed> {
  const observations: ReflectorObservation[] = [];
  const seen: InformerEvent<ConfigMap>[] = [];
  const clock = {
    ...systemClock,
    schedule: (ms: number, callback: () => void) => systemClock.schedule(ms / 10, callback),
  };
  const onObservation = (each: ReflectorObservation) => observations.push(each);
  const informer = createInformer({
    client,
    resource: configMaps,
    namespace,
    log: silent,
    clock,
    onObservation,
    ...options,
  });
  informer.subscribe((event) => seen.push(event));
  running = informer.run(abort.signal);
  await informer.waitForSync(abort.signal);
  return { informer, seen, count: (type) => observations.filter((each) => each.type === type).length };
}

const config = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  metadata: { namespace, name },
  data,
});

/** Changes objects in many places at once, so that the end is known to the server alone. */
async function churn(rounds: number, between: () => void = () => undefined): Promise<void> {
  await inParallel(
    range(rounds),
    async (round) => {
      const name = `c${round % 10}`;
      if (round % 50 === 49) between();
      if (round % 7 === 6) await direct.delete(configMaps, { namespace, name });
      else
        await direct.apply(configMaps, config(name, { round: String(round) }), { fieldManager: 'test', force: true });
    },
    4,
  );
}

const versions = (objects: readonly ConfigMap[]) =>
  new Map(objects.map((object) => [object.metadata.name, object.metadata.resourceVersion]));

/** The informer holds what the server holds, and its events say how it came to that. */
async function expectConverged({ informer, seen }: Followed): Promise<void> {
  const { items } = await direct.list(configMaps, { namespace });
  await vi.waitFor(() => expect(versions(informer.list(namespace))).toEqual(versions(items)), { timeout: 20_000 });
  const replayed = new Map<string, ConfigMap>();
  for (const event of seen) {
    const key = keyOf(event.object.metadata);
    const before = replayed.get(key);
    expect(before === undefined, `${event.type} ${key}`).toBe(event.type === 'add');
    if (event.type === 'update') expect(event.old).toBe(before);
    if (event.type !== 'add') expect(event.object.metadata.uid).toBe(before?.metadata.uid);
    expect(Number(event.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
      Number(before?.metadata.resourceVersion ?? 0),
    );
    if (event.type === 'delete') replayed.delete(key);
    else replayed.set(key, event.object);
  }
  expect(versions([...replayed.values()])).toEqual(versions(items));
}

describe('an informer', () => {
  test('holds what the server holds', async () => {
    await direct.create(configMaps, config('before'));
    const followed = await follow(proxied);
    expect(followed.seen).toMatchObject([
      { type: 'add', initial: true, object: { kind: 'ConfigMap', apiVersion: 'v1' } },
    ]);
    await churn(200);
    await expectConverged(followed);
    expect(followed.count('list')).toBe(1);
    expect(followed.informer.get(`${namespace}/before`)?.metadata.managedFields).toBeUndefined();
  });

  test('misses nothing while its connections are reset again and again, and does not list for that', async () => {
    const followed = await follow(proxied);
    await churn(400, () => proxy.cut());
    await expectConverged(followed);
    expect(followed.count('list')).toBe(1);
    expect(followed.count('watch')).toBeGreaterThan(0);
  });

  test('notices a connection that died without a word', async () => {
    const followed = await follow(proxied, { idleTimeoutMs: 1_000 });
    await churn(20);
    await expectConverged(followed);
    const before = followed.seen.length;
    proxy.freeze();
    await churn(20);
    expect(followed.seen).toHaveLength(before);
    await expectConverged(followed);
    expect(followed.count('list')).toBe(1);
  });

  test('outlives a server that is away', async () => {
    const followed = await follow(proxied);
    proxy.refuse();
    await churn(30);
    await vi.waitFor(() => expect(followed.count('error')).toBeGreaterThan(2), { timeout: 10_000 });
    proxy.accept();
    await expectConverged(followed);
    expect(followed.count('list')).toBe(1);
  });

  test('that starts before the server does syncs when it is there', async () => {
    await direct.create(configMaps, config('before'));
    proxy.refuse();
    const following = follow(proxied);
    await new Promise<void>((resolve) => systemClock.schedule(300, resolve));
    proxy.accept();
    expect((await following).informer.list()).toHaveLength(1);
  });

  test('lists again when its version is too old, and tells the difference', async () => {
    await installWidgets(direct);
    let watches = 0;
    const forgetful: KubeClient = {
      ...proxied,
      watch(resource, options) {
        watches += 1;
        if (watches !== 2) return proxied.watch(resource, options);
        return proxied.watch(widgets as typeof resource, { ...options, resourceVersion: '1' });
      },
    };
    const names = ['kept', 'changed', 'gone', 'again'];
    for (const name of names) await direct.create(configMaps, config(name));
    const followed = await follow(forgetful);
    proxy.refuse();
    await direct.delete(configMaps, { namespace, name: 'gone' });
    await direct.delete(configMaps, { namespace, name: 'again' });
    await direct.create(configMaps, config('again'));
    await direct.mergePatch(configMaps, { namespace, name: 'changed' }, { data: { a: '1' } });
    proxy.accept();
    await expectConverged(followed);
    expect(followed.count('list')).toBe(2);
    const later = followed.seen.slice(names.length).map((event) => `${event.type} ${event.object.metadata.name}`);
    expect(later.sort()).toEqual(['add again', 'delete again', 'delete gone', 'update changed']);
  });

  test('leaves no connection behind', async () => {
    await follow(proxied);
    abort.abort();
    await running;
    await proxied.close();
    await vi.waitFor(() => expect(proxy.open).toBe(0));
  });
});

test('what was written is read at once, and forgotten when the watch has it', async () => {
  const { informer } = await follow(proxied);
  const written = createReadYourWrites(informer);
  for (const round of range(50)) {
    const object = await direct.apply(configMaps, config('w', { round: `${round}` }), { fieldManager: 'test' });
    written.remember(object);
    expect(written.newest(`${namespace}/w`)?.data).toEqual({ round: `${round}` });
  }
  await direct.delete(configMaps, { namespace, name: 'w' });
  await vi.waitFor(() => expect(written.newest(`${namespace}/w`)).toBeUndefined());
});
