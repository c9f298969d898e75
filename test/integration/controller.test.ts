import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { systemClock } from '../../src/kube/clock.ts';
import { configMaps } from '../../src/kube/config-map.ts';
import { type ControllerOptions, createController, type Reconcile } from '../../src/kube/controller.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { isOutdated, metadataPatch } from '../../src/kube/finalizers.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { createInformer } from '../../src/kube/informer.ts';
import { keyOf, parseKey } from '../../src/kube/object.ts';

const namespace = 'default';
const finalizer = 'espalier.test/controller';
const label = `controller-test-${process.pid}`;
const labelSelector = `test=${label}`;
let client: ClosableKubeClient;
const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  for (const { metadata } of (await client.list(configMaps, { namespace, labelSelector })).items) {
    await client.mergePatch(configMaps, metadata, { metadata: { finalizers: null } });
    await client.delete(configMaps, metadata);
  }
});
afterAll(() => client.close());

const create = (name: string, data: Record<string, string> = {}) =>
  client.create(configMaps, { metadata: { namespace, name: `${label}-${name}`, labels: { test: label } }, data });

/** A controller over the ConfigMaps of this test, started. */
function start(reconcile: Reconcile, options: Partial<ControllerOptions> = {}) {
  const clock = systemClock;
  const log = createFakeLog();
  const informer = createInformer({
    client,
    resource: configMaps,
    namespace,
    labelSelector,
    clock,
    log,
    random: Math.random,
  });
  const base = { name: 'test', workers: 5, deadlineMs: 10_000, clock, log, reconcile };
  const controller = createController({ ...base, ...options });
  controller.watch(informer, (event) => [keyOf(event.object.metadata)]);
  const [caches, work] = [new AbortController(), new AbortController()];
  const ends = [informer.run(caches.signal), controller.run(work.signal)];
  const stop = async () => {
    work.abort();
    await ends[1];
    caches.abort();
    await ends[0];
  };
  stops.push(stop);
  return { informer, log, stop };
}

describe('a controller on a real API server', () => {
  it('brings every object to its end though others write too, with one run at a time for each', async () => {
    const running = new Set<string>();
    const overlaps: string[] = [];
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    for (const name of names.slice(0, 10)) await create(name, { want: '0' });
    const { informer } = start(async (key, signal) => {
      if (running.has(key)) overlaps.push(key);
      running.add(key);
      try {
        const object = await client.find(configMaps, parseKey(key), { signal });
        if (!object || object.data?.is === object.data?.want) return undefined;
        await client.replace(
          configMaps,
          { ...object, data: { ...object.data, is: object.data?.want ?? '' } },
          { signal },
        );
        return undefined;
      } finally {
        running.delete(key);
      }
    });
    for (const name of names.slice(10)) await create(name, { want: '0' });
    for (let round = 1; round <= 5; round += 1) {
      const patches = names.map((name) =>
        client.mergePatch(configMaps, { namespace, name: `${label}-${name}` }, { data: { want: String(round) } }),
      );
      await Promise.all(patches);
    }
    await vi.waitFor(() => expect(informer.list().map(({ data }) => data?.is)).toEqual(names.map(() => '5')), {
      timeout: 20_000,
    });
    expect(overlaps).toEqual([]);
  });

  it('takes and gives back a finalizer around the life of an object', async () => {
    const { name } = (await create('f')).metadata;
    start(async (key, signal) => {
      const object = await client.find(configMaps, parseKey(key), { signal });
      if (!object) return undefined;
      const isGoing = object.metadata.deletionTimestamp !== undefined;
      const patch = metadataPatch(object, isGoing ? { removeFinalizers: [finalizer] } : { addFinalizer: finalizer });
      if (patch) await client.jsonPatch(configMaps, parseKey(key), patch, { signal });
      return undefined;
    });
    const finalizers = async () => (await client.find(configMaps, { namespace, name }))?.metadata.finalizers;
    await vi.waitFor(async () => expect(await finalizers()).toEqual([finalizer]), { timeout: 5000 });
    await client.delete(configMaps, { namespace, name });
    await vi.waitFor(async () => expect(await client.find(configMaps, { namespace, name })).toBeUndefined(), {
      timeout: 5000,
    });
  });

  it.each([
    ['another finalizer', { finalizers: ['espalier.test/other'] }],
    ['a new request', { annotations: { asked: '2' } }],
    ['no annotation any more', { annotations: null }],
  ])('is refused a patch of metadata that another writer has overtaken: %s', async (name, metadata) => {
    const object = await create(`g-${name.replaceAll(' ', '-')}`);
    const key = object.metadata;
    const read = await client.mergePatch(configMaps, key, { metadata: { annotations: { asked: '1' } } });
    const change = { addFinalizer: finalizer, removeAnnotations: ['asked'] };
    await client.mergePatch(configMaps, key, { metadata });
    const refused = await client.jsonPatch(configMaps, key, metadataPatch(read, change) ?? []).catch((error) => error);
    expect(isOutdated(refused)).toBe(true);
  });

  it('patches metadata past the writers of other fields', async () => {
    const object = await create('h-free');
    await client.mergePatch(configMaps, object.metadata, {
      data: { other: '1' },
      metadata: { labels: { other: '1' } },
    });
    const patch = metadataPatch(object, { addFinalizer: finalizer }) ?? [];
    expect((await client.jsonPatch(configMaps, object.metadata, patch)).metadata.finalizers).toEqual([finalizer]);
  });

  it('tells a refused field from an overtaken patch', async () => {
    const object = await create('h-invalid');
    const patch = metadataPatch(object, { addFinalizer: 'not a name' }) ?? [];
    const refused = await client.jsonPatch(configMaps, object.metadata, patch).catch((error) => error);
    expect(refused).toMatchObject({ code: 422 });
    expect(isOutdated(refused)).toBe(false);
  });

  it('lets a run finish when it stops, and starts none after', async () => {
    const began: string[] = [];
    const ended: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { stop } = start(
      async (key, signal) => {
        began.push(key);
        await gate.promise;
        await client.mergePatch(configMaps, parseKey(key), { data: { done: 'yes' } }, { signal });
        ended.push(key);
        return undefined;
      },
      { workers: 1 },
    );
    const first = await create('h');
    await create('i');
    await vi.waitFor(() => expect(began).toHaveLength(1), { timeout: 5000 });
    const stopped = stop();
    gate.resolve();
    await stopped;
    expect(ended).toEqual([keyOf(first.metadata)]);
    expect(began).toHaveLength(1);
    expect((await client.get(configMaps, first.metadata)).data).toEqual({ done: 'yes' });
  });
});
