import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { machineClasses, machines } from '../../src/apis/machine/machine.ts';
import { type Pod, pods } from '../../src/controllers/machine/drain/objects.ts';
import { nodes } from '../../src/controllers/machine/node.ts';
import type { MachineSettings } from '../../src/controllers/machine/settings.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { eventually } from '../scene/eventually.ts';
import { createNamespace, range } from './kube-kit.ts';
import { machineActions } from './machine-actions.ts';
import {
  createClass,
  createMemoryProvider,
  join,
  type MemoryProvider,
  type RunningController,
  report,
  startMachineController,
} from './machine-stage.ts';
import { startProxy, type Proxy as Way } from './proxy.ts';

let control: ClosableKubeClient;
let target: ClosableKubeClient;
let namespace: string;
let provider: MemoryProvider;
/** The controller's ways. */
let ways: { readonly control: Way; readonly target: Way };
let controller: RunningController | undefined;

beforeAll(() => {
  control = createKubeClient({ kubeconfig: inject('kubeconfig') });
  target = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
});
beforeEach(async () => {
  namespace = await createNamespace(control, 'machines');
  provider = createMemoryProvider();
  await createClass(control, namespace, 'small');
  ways = {
    control: await startProxy(inject('kubeconfig')),
    target: await startProxy(inject('shootKubeconfig')),
  };
});
afterEach(async () => {
  await controller?.stop();
  await ways.control[Symbol.asyncDispose]();
  await ways.target[Symbol.asyncDispose]();
});
afterAll(() => Promise.all([control.close(), target.close()]));

function start(settings: Partial<MachineSettings> = {}): void {
  const near = createKubeClient({ kubeconfig: ways.control.kubeconfig });
  const far = createKubeClient({ kubeconfig: ways.target.kubeconfig });
  const running = startMachineController({ namespace, control: near, target: far, driver: provider, settings });
  controller = {
    ...running,
    async stop() {
      await running.stop();
      await Promise.all([near.close(), far.close()]);
    },
  };
}

const { get, make, makeRunning, expectPhase } = machineActions(() => ({ control, target, namespace }));

it.each(['control', 'target'] as const)(
  'gives no machine up while the way to %s is cut, and gives it its time anew',
  async (way) => {
    const healthTimeoutMs = 3000;
    start({ freezeCheckPeriodMs: 200, freezeAfterMs: 500, healthTimeoutMs });
    const name = await makeRunning();
    await report(target, name, 'False');
    await expectPhase(name, 'Unknown');
    ways[way].mode = 'refused';
    await eventually(() => expect(controller?.isFrozen()).toBe(true));
    await delay(healthTimeoutMs);
    expect((await get(name)).status?.currentStatus?.phase).toBe('Unknown');
    ways[way].mode = 'open';
    await eventually(async () => {
      const { status } = await get(name);
      expect(status?.lastOperation?.description).toBe(
        'Machine Health Timeout was reset due to APIServer being unreachable',
      );
      expect(status?.currentStatus?.phase).toBe('Unknown');
    });
    await expectPhase(name, 'Failed');
  },
);

it('ends a deletion while it is frozen', async () => {
  start({ freezeCheckPeriodMs: 200, freezeAfterMs: 500 });
  const name = await makeRunning();
  await control.mergePatch(machines, { namespace, name }, { metadata: { labels: { 'force-deletion': 'True' } } });
  ways.target.mode = 'refused';
  await eventually(() => expect(controller?.isFrozen()).toBe(true));
  await control.delete(machines, { namespace, name });
  await eventually(() => expect(provider.machines.size).toBe(0));
  await eventually(async () => {
    expect((await get(name)).status?.lastOperation).toMatchObject({
      state: 'Failed',
      description: expect.stringContaining('Initiate node object deletion'),
    });
  });
  ways.target.mode = 'open';
  await eventually(async () => expect(await control.find(machines, { namespace, name })).toBeUndefined());
  expect(await target.find(nodes, { name })).toBeUndefined();
});

it('has what is wanted in the end, while both ways come and go and others write', { timeout: 120_000 }, async () => {
  start();
  const names: string[] = [];
  for (const _ of range(20)) names.push(await make());
  const gone = names.slice(0, 10);
  const stop = new AbortController();
  const weather = (async () => {
    while (!stop.signal.aborted) {
      const way = ways[Math.random() < 0.5 ? 'control' : 'target'];
      way.mode = 'refused';
      await delay(Math.random() * 150);
      way.mode = 'open';
      await delay(300 + Math.random() * 300);
    }
  })();
  const others = (async () => {
    for (let count = 0; !stop.signal.aborted; count += 1) {
      const name = names[count % names.length] ?? '';
      const patch = { metadata: { annotations: { count: String(count) } } };
      await control.mergePatch(machines, { namespace, name }, patch).catch(() => undefined);
      const known = [...provider.machines.values()].some((machine) => machine.name === name);
      if (known && !(await target.find(nodes, { name }))) await join(target, name);
      await delay(10);
    }
  })();
  await delay(2000);
  for (const name of gone) await control.delete(machines, { namespace, name });
  await delay(2000);
  stop.abort();
  await Promise.all([weather, others]);
  for (const name of names.slice(10))
    if (!(await target.find(nodes, { name }))) await join(target, name).catch(() => undefined);
  await eventually(async () => {
    const { items } = await control.list(machines, { namespace });
    expect(items.map(({ metadata, status }) => [metadata.name, status?.currentStatus?.phase]).sort()).toEqual(
      names
        .slice(10)
        .map((name) => [name, 'Running'])
        .sort(),
    );
    expect([...provider.machines.values()].map(({ name }) => name).sort()).toEqual(names.slice(10).sort());
  }, 60_000);
});

it('takes a Node through an update in place', async () => {
  start();
  const name = await makeRunning();
  const podNamespace = await createNamespace(target, 'pods');
  const label = (labels: object) =>
    target.mergePatch(
      nodes,
      { name },
      {
        metadata: {
          labels: Object.fromEntries(
            Object.entries(labels).map(([key, value]) => [`node.machine.sapcloud.io/${key}`, value]),
          ),
        },
      },
    );
  const expectReason = (reason: string) =>
    eventually(async () => {
      const { status } = await target.get(nodes, { name });
      expect(status?.conditions?.find(({ type }) => type === 'InPlaceUpdate')?.reason).toBe(reason);
    });
  const pod = {
    metadata: { namespace: podNamespace, name: 'app' },
    spec: { nodeName: name, containers: [{ name: 'a', image: 'a' }] },
  };
  await target.create(pods, pod as Pod);
  await label({ 'candidate-for-update': '' });
  await expectReason('CandidateForUpdate');
  await label({ 'selected-for-update': '' });
  await eventually(async () => {
    const { metadata } = await target.get(pods, { namespace: podNamespace, name: 'app' });
    expect(metadata.deletionTimestamp).toBeDefined();
  });
  await target.delete(pods, { namespace: podNamespace, name: 'app' }, { gracePeriodSeconds: 0 });
  await expectReason('ReadyForUpdate');
  await expectPhase(name, 'InPlaceUpdating');
  await label({ 'update-result': 'successful' });
  await expectReason('UpdateSuccessful');
  const { status } = await expectPhase(name, 'Running');
  expect(status?.conditions?.find(({ type }) => type === 'InPlaceUpdate')?.reason).toBe('UpdateSuccessful');
});

it('shows the virtual capacity of a class in its Nodes', async () => {
  start();
  const name = await makeRunning();
  const key = { namespace, name: 'small' };
  const capacityOf = async () => (await target.get(nodes, { name })).status?.capacity;
  await control.mergePatch(machineClasses, key, { nodeTemplate: { virtualCapacity: { 'example.org/slots': '3' } } });
  await eventually(async () => expect(await capacityOf()).toMatchObject({ 'example.org/slots': '3' }));
  await control.mergePatch(machineClasses, key, { nodeTemplate: { virtualCapacity: null } });
  await eventually(async () => expect((await capacityOf()) ?? {}).not.toHaveProperty('example.org/slots'));
});
