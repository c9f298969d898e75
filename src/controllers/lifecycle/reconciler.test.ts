import { expect, it } from 'vitest';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { createFakeLog } from '../../kube/fake-log.ts';
import { createMemoryApi, type MemoryCall } from '../../kube/memory/api.ts';
import { watchNamespaces } from '../../kube/namespace-watch.ts';
import { keyOf } from '../../kube/object.ts';
import { defineResource } from '../../kube/resource.ts';
import type { Outcome } from '../../providers/provider.ts';
import { extension, lastOperation } from './fixtures.ts';
import type { ExtensionKind } from './kind.ts';
import { createLifecycle } from './reconciler.ts';

const kind: ExtensionKind<ExtensionObject> = {
  resource: defineResource({ group: 'g', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true }),
  noun: 'thing',
  finalizer: 'thing',
  deadlineMs: 1000,
  migrationRemoves: 'own',
};

/** An object that looks finished, and what came of it. */
function stage(act: () => Promise<Outcome<ExtensionObject>> = async () => ({})) {
  const object = extension({
    metadata: { uid: 'u', finalizers: ['thing'] },
    status: { observedGeneration: 1, lastOperation: lastOperation('Reconcile', 'Succeeded') },
  });
  const namespace = object.metadata.namespace ?? '';
  const spec = {
    shoot: { metadata: { name: 's' }, spec: {} },
    cloudProfile: { metadata: { name: 'p' }, spec: {} },
    seed: {},
  };
  const api = createMemoryApi(new Map([[`clusters/${namespace}`, { metadata: { name: namespace }, spec }]]));
  const unasked = new Set<string>();
  let runs = 0;
  const counted = () => {
    runs++;
    return act();
  };
  const reconcile = createLifecycle({
    kind,
    actuator: { reconcile: counted, delete: counted, forceDelete: counted, migrate: counted, restore: counted },
    client: api.client,
    objects: { newest: () => object, remember: () => undefined },
    recorder: { event: () => undefined, drain: async () => undefined },
    changes: watchNamespaces([]),
    clock: createFakeClock(),
    unasked,
    ignoreOperationAnnotation: false,
  });
  const key = keyOf(object.metadata);
  return {
    api,
    runs: () => runs,
    trigger: () => unasked.add(key),
    run: () => reconcile(key, new AbortController().signal, createFakeLog(), (wait) => wait()),
  };
}

it('works once for what triggers it', async () => {
  const { run, runs, trigger } = stage();
  await run();
  expect(runs()).toBe(0);
  trigger();
  await run();
  await run();
  expect(runs()).toBe(1);
});

it.each<[string, (call: MemoryCall) => boolean]>([
  ['the Cluster cannot be read', ({ resource }) => resource === 'clusters'],
  ['neither the work succeeds nor its status can be written', ({ resource }) => resource === 'things'],
])('works again for what has triggered it when %s', async (_, fails) => {
  let isDown = true;
  const { api, run, runs, trigger } = stage(async () => {
    if (isDown) throw new Error('down');
    return {};
  });
  api.before = (call) => {
    if (isDown && fails(call)) throw new Error('down');
  };
  trigger();
  await expect(run()).rejects.toThrow('down');
  isDown = false;
  const before = runs();
  await run();
  await run();
  expect(runs()).toBe(before + 1);
});
