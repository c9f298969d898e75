import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Machine, machineClasses, machines } from '../../src/apis/machine/machine.ts';
import { nodes } from '../../src/controllers/machine/node.ts';
import type { MachineSettings } from '../../src/controllers/machine/settings.ts';
import { sleep, systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { secrets } from '../../src/kube/secret.ts';
import { MachineError } from '../../src/providers/machine.ts';
import { eventually } from '../scene/eventually.ts';
import { createNamespace } from './kube-kit.ts';
import { freshName, machineActions } from './machine-actions.ts';
import {
  createClass,
  createMemoryProvider,
  join,
  type MemoryProvider,
  quickSettings,
  type RunningController,
  report,
  startMachineController,
} from './machine-stage.ts';

let control: ClosableKubeClient;
let target: ClosableKubeClient;
let namespace: string;
let provider: MemoryProvider;
let running: RunningController[] = [];

beforeAll(() => {
  control = createKubeClient({ kubeconfig: inject('kubeconfig') });
  target = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
});
beforeEach(async () => {
  namespace = await createNamespace(control, 'machines');
  provider = createMemoryProvider();
  await createClass(control, namespace, 'small');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((controller) => controller.stop()));
});
afterAll(() => Promise.all([control.close(), target.close()]));

function start(settings: Partial<MachineSettings> = {}, to: typeof target | 'none' = target): RunningController {
  const cluster = to === 'none' ? undefined : to;
  const controller = startMachineController({ namespace, control, target: cluster, driver: provider, settings });
  running.push(controller);
  return controller;
}

const { get, make, makeRunning, expectPhase, expectGone } = machineActions(() => ({ control, target, namespace }));

describe('creation', () => {
  it('makes the machine and takes it to Running when its Node is well', async () => {
    start();
    const taints = [{ key: 'dedicated', value: 'yes', effect: 'NoSchedule' }];
    const metadata = { labels: { pool: 'a' }, annotations: { note: 'b' } };
    const name = await make({ nodeTemplate: { metadata, spec: { taints } } });
    const pending = await expectPhase(name, 'Pending');
    expect(pending).toMatchObject({
      metadata: {
        finalizers: ['machine.sapcloud.io/machine-controller-manager'],
        labels: { node: name },
        annotations: { 'machinepriority.machine.sapcloud.io': '3' },
      },
      spec: { providerID: [...provider.machines.keys()][0] },
      status: { lastOperation: { type: 'Create', state: 'Processing' }, currentStatus: { timeoutActive: true } },
    });
    const { items } = await target.list(secrets, { namespace: 'kube-system' });
    const token = items.find(({ data }) => Buffer.from(data?.description ?? '', 'base64').includes(`"${name}"`));
    const tokenOf = (field: string) => Buffer.from(token?.data?.[field] ?? '', 'base64').toString();
    const [machine] = provider.machines.values();
    expect(machine?.userData).toBe(`join with ${tokenOf('token-id')}.${tokenOf('token-secret')} as ${name}`);

    await join(target, name);
    const joined = await expectPhase(name, 'Running');
    expect(joined.status).toMatchObject({
      lastOperation: { state: 'Successful', description: `Machine ${name} successfully joined the cluster` },
      conditions: [{ type: 'Ready', status: 'True' }],
    });
    const node = await target.get(nodes, { name });
    expect(node.metadata).toMatchObject({
      labels: { pool: 'a', 'node.gardener.cloud/machine-name': name },
      annotations: { note: 'b' },
      finalizers: ['node.machine.sapcloud.io/machine-controller'],
    });
    expect(node.spec?.taints).toContainEqual(expect.objectContaining(taints[0]));
    const secretName = token?.metadata.name ?? '';
    expect(await target.find(secrets, { namespace: 'kube-system', name: secretName })).toBeUndefined();
  });

  it('waits for the critical components of the Node', async () => {
    start();
    const name = await make();
    await expectPhase(name, 'Pending');
    const taints = [{ key: 'node.gardener.cloud/critical-components-not-ready', effect: 'NoSchedule' }];
    await target.create(nodes, { metadata: { name }, spec: { taints } });
    await report(target, name, 'True');
    await eventually(async () => expect((await get(name)).status?.conditions).toHaveLength(1));
    expect((await get(name)).status?.currentStatus?.phase).toBe('Pending');
    await target.mergePatch(nodes, { name }, { spec: { taints: null } });
    await expectPhase(name, 'Running');
  });

  it('says that there are no machines, and tries again', async () => {
    let failures = 2;
    provider.before = (call) => {
      if (call !== 'create' || failures-- <= 0) return;
      throw new MachineError('ResourceExhausted', 'no machine available');
    };
    start();
    const name = await make();
    await eventually(async () =>
      expect((await get(name)).status).toMatchObject({
        currentStatus: { phase: 'CrashLoopBackOff' },
        lastOperation: {
          type: 'Create',
          state: 'Failed',
          errorCode: 'ResourceExhausted',
          description: expect.stringContaining('code = [ResourceExhausted] message = [no machine available]'),
        },
      }),
    );
    const { status } = await expectPhase(name, 'Pending');
    expect(status?.lastOperation).not.toHaveProperty('errorCode');
    expect(provider.calls.filter((call) => call.startsWith('create'))).toHaveLength(3);
  });

  it('gives a machine up that cannot be made in time', async () => {
    provider.before = (call) => {
      if (call === 'create') throw new MachineError('Unavailable', 'try later');
    };
    start({ creationTimeoutMs: 1000 });
    const name = await make();
    await expectPhase(name, 'Failed');
    expect(provider.machines.size).toBe(0);
  });

  it('gives a machine up that does not join in time', async () => {
    start({ creationTimeoutMs: 1500 });
    const name = await make();
    await expectPhase(name, 'Pending');
    const { status } = await expectPhase(name, 'Failed');
    expect(status?.lastOperation?.description).toMatch(/failed to join the cluster in 1.5s minutes/);
  });

  it('says what is wrong with a class, and goes on when it is right', async () => {
    start();
    await control.mergePatch(machineClasses, { namespace, name: 'small' }, { nodeTemplate: { zone: '' } });
    const name = await make();
    const { status } = await expectPhase(name, 'CrashLoopBackOff');
    expect(status?.lastOperation?.description).toContain('nodeTemplate.zone is required');
    await control.mergePatch(machineClasses, { namespace, name: 'small' }, { nodeTemplate: { zone: 'here-1' } });
    await expectPhase(name, 'Pending');
  });

  it('has it available at once when there is no cluster', async () => {
    start({}, 'none');
    const name = await make();
    const { status, metadata } = await expectPhase(name, 'Available');
    expect(status?.addresses).toEqual([{ type: 'Hostname', address: name }]);
    expect(metadata.labels).not.toHaveProperty('node');
    await control.delete(machines, { namespace, name });
    await expectGone(name);
    expect(provider.machines.size).toBe(0);
  });
});

describe('finalizers', () => {
  it('hold class and Secrets as long as they are needed', async () => {
    start();
    const finalizersOf = async () =>
      Promise.all([
        control.get(machineClasses, { namespace, name: 'small' }),
        control.get(secrets, { namespace, name: 'small' }),
        control.get(secrets, { namespace, name: 'small-credentials' }),
      ]).then((objects) => objects.map(({ metadata }) => metadata.finalizers?.length ?? 0));
    await eventually(async () => expect(await finalizersOf()).toEqual([0, 1, 1]));
    const name = await make();
    await expectPhase(name, 'Pending');
    expect(await finalizersOf()).toEqual([1, 1, 1]);
    await control.delete(machineClasses, { namespace, name: 'small' });
    await control.delete(machines, { namespace, name });
    await expectGone(name);
    const credentials = { namespace, name: 'small-credentials' };
    await eventually(async () => {
      expect(await control.find(machineClasses, { namespace, name: 'small' })).toBeUndefined();
      expect((await control.get(secrets, credentials)).metadata.finalizers).toBeUndefined();
    });
  });
});

describe('health', () => {
  it('is Unknown while the Node is not ready, and Running again', async () => {
    start();
    const name = await makeRunning();
    await report(target, name, 'False');
    const sick = await expectPhase(name, 'Unknown');
    expect(sick.status?.lastOperation?.description).toContain('Ready=False (Test: by the test)');
    await report(target, name, 'True');
    const { status } = await expectPhase(name, 'Running');
    expect(status?.lastOperation).toMatchObject({ type: 'HealthCheck', state: 'Successful' });
  });

  it('gives up one sick machine of a deployment at a time', async () => {
    start({ healthTimeoutMs: 1000 });
    const names = [await makeRunning(), await makeRunning(), await makeRunning()];
    for (const name of names) await report(target, name, 'False');
    const phases = async () => {
      const { items } = await control.list(machines, { namespace });
      return items.map(({ status }) => status?.currentStatus?.phase).sort();
    };
    await eventually(async () => expect(await phases()).toEqual(['Failed', 'Unknown', 'Unknown']));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await phases()).toEqual(['Failed', 'Unknown', 'Unknown']);
    const { items } = await control.list(machines, { namespace });
    const failed = items.find(({ status }) => status?.currentStatus?.phase === 'Failed');
    await control.delete(machines, { namespace, name: failed?.metadata.name ?? '' });
    await eventually(async () => expect(await phases()).toEqual(['Failed', 'Unknown']));
  });

  it('deletes the machine of a Node that is deleted', async () => {
    start();
    const name = await makeRunning();
    await target.delete(nodes, { name });
    await expectGone(name);
    expect(provider.machines.size).toBe(0);
    expect(await target.find(nodes, { name })).toBeUndefined();
  });

  it('gives the Node what the template says now, and takes what it said before', async () => {
    start();
    const name = await makeRunning({ nodeTemplate: { metadata: { labels: { old: 'a', both: 'a' } } } });
    await target.mergePatch(nodes, { name }, { metadata: { labels: { own: 'x' } } });
    const nodeTemplate = { metadata: { labels: { old: null, both: 'b' } } };
    await control.mergePatch(machines, { namespace, name }, { spec: { nodeTemplate } });
    await eventually(async () => {
      const { labels } = (await target.get(nodes, { name })).metadata;
      expect(labels).toMatchObject({ both: 'b', own: 'x' });
      expect(labels).not.toHaveProperty('old');
    });
  });
});

describe('orphans', () => {
  it('are given back after a grace, and nothing else is', async () => {
    provider.machines.set('memory:///stray', { name: 'nobody', userData: '' });
    const periods = { ...quickSettings.periods, orphanGrace: 1000 };
    start({ orphanPeriodMs: 300, periods });
    const name = await make();
    await expectPhase(name, 'Pending');
    provider.machines.set('memory:///double', { name, userData: '' });
    expect(provider.machines.has('memory:///stray')).toBe(true);
    await eventually(() => expect([...provider.machines.values()].map((machine) => machine.name)).toEqual([name]));
    expect((await get(name)).spec.providerID).toBe([...provider.machines.keys()][0]);
  });

  it('are not machines whose Machines have their ids in another spelling', async () => {
    const periods = { ...quickSettings.periods, orphanGrace: 500 };
    start({ orphanPeriodMs: 300, periods });
    const name = await makeRunning();
    const [providerID = ''] = provider.machines.keys();
    const spelled = providerID.replace('memory:///', 'memory://');
    const { status } = provider;
    provider.status = async (request) => {
      const { metadata, spec } = request.machine;
      return status({
        ...request,
        machine: { metadata, spec: { ...spec, providerID: spec.providerID === spelled ? providerID : '' } },
      });
    };
    await control.mergePatch(machines, { namespace, name }, { spec: { providerID: spelled } });
    await eventually(() => expect(provider.calls).toContain(`status ${name}`));
    const looks = () => provider.calls.filter((call) => call.startsWith('list')).length;
    const before = looks();
    await eventually(() => expect(looks()).toBeGreaterThan(before));
    expect(provider.calls).not.toContain(`delete ${name}`);
    expect([...provider.machines.keys()]).toEqual([providerID]);
  });

  it('are not the Machines without a machine, which are reported', async () => {
    const controller = start({ orphanPeriodMs: 300 });
    const name = await makeRunning();
    provider.machines.clear();
    await eventually(() => expect(controller.told).toContain('Vanished'));
    await expectPhase(name, 'Running');
    await control.delete(machines, { namespace, name });
    await expectGone(name);
    expect(controller.told).toEqual(expect.arrayContaining(['Created', 'Deleted']));
  });

  it('among Nodes are marked, and let go', async () => {
    const name = freshName();
    const finalizers = ['node.machine.sapcloud.io/machine-controller'];
    await target.create(nodes, { metadata: { name, finalizers } });
    start({ creationTimeoutMs: 0, orphanPeriodMs: 300 });
    await eventually(async () => {
      const { metadata } = await target.get(nodes, { name });
      expect(metadata.annotations).toMatchObject({ 'node.machine.sapcloud.io/not-managed-by-mcm': '1' });
      expect(metadata.finalizers).toBeUndefined();
    });
    await target.delete(nodes, { name });
  });
});

it('a Machine does not go before its bootstrap token', async () => {
  let failures = 0;
  const moody: typeof target = {
    ...target,
    async delete(resource, key, options) {
      if (resource.kind === 'Secret' && failures++ < 2) throw new Error('not now');
      return target.delete(resource, key, options);
    },
  };
  start({}, moody);
  const name = await make();
  await expectPhase(name, 'Pending');
  const tokens = async () => {
    const { items } = await target.list(secrets, { namespace: 'kube-system' });
    return items.filter(({ data }) => Buffer.from(data?.description ?? '', 'base64').includes(`"${name}"`));
  };
  expect(await tokens()).toHaveLength(1);
  await control.delete(machines, { namespace, name });
  await expectGone(name);
  expect(failures).toBeGreaterThan(2);
  expect(await tokens()).toEqual([]);
});

describe('crashes', () => {
  const ordered = async (): Promise<string> => {
    const never = Promise.withResolvers<never>();
    provider.before = (call) => (call === 'create' ? never.promise : undefined);
    const first = start();
    running = [];
    const name = await make();
    await eventually(() => expect(provider.calls).toContain(`create ${name}`));
    void first.stop();
    provider.before = () => undefined;
    return name;
  };

  it('what another process has ordered is waited for before another is made', async () => {
    provider.settleMs = 2_000;
    const name = await ordered();
    start();
    await expectPhase(name, 'CrashLoopBackOff');
    expect((await get(name)).status?.lastOperation?.description).toMatch(/Unavailable.*may have ordered a machine/);
    expect(provider.machines.size).toBe(0);
    provider.machines.set('memory:///late', { name, userData: '' });
    await expectPhase(name, 'Pending');
    expect((await get(name)).spec.providerID).toBe('memory:///late');
    expect(provider.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });

  const terminating = (name: string, description = 'Initiate VM deletion') => {
    const lastOperation = { type: 'Delete', state: 'Processing', description };
    const status = { currentStatus: { phase: 'Terminating' }, lastOperation };
    return control.mergePatch(machines, { namespace, name }, { status }, { subresource: 'status' });
  };

  it.each([
    ['status', undefined],
    ['delete', 'Initiate VM deletion'],
    ['delete', 'Initiate node object deletion'],
    ['delete', 'Initiate machine object finalizer removal'],
  ])('a machine that comes after the %s of its deleted Machine is given back (%s)', async (call, description) => {
    provider.settleMs = 1_000;
    const name = await ordered();
    await control.delete(machines, { namespace, name });
    if (description) await terminating(name, description);
    start();
    await eventually(() => expect(provider.calls).toContain(`${call} ${name}`));
    provider.machines.set('memory:///late', { name, userData: '' });
    await join(target, name);
    await expectGone(name);
    expect(provider.machines.size).toBe(0);
    expect(await target.find(nodes, { name })).toBeUndefined();
  });

  it('a machine that comes after the last look for it has begun is given back with its deleted Machine', async () => {
    provider.settleMs = 1_000;
    const name = await ordered();
    await control.delete(machines, { namespace, name });
    await terminating(name);
    let isLast = true;
    provider.after = async (call) => {
      if (call !== 'delete' || !isLast) return;
      isLast = false;
      await sleep(systemClock, provider.settleMs);
      provider.machines.set('memory:///late', { name, userData: '' });
    };
    start();
    await expectGone(name);
    expect(isLast).toBe(false);
    expect(provider.machines.size).toBe(0);
  });

  const points = ['before create', 'after create', 'before delete', 'after delete'] as const;
  it.each(points)('%s: the next process goes on', async (point) => {
    const [when, call] = point.split(' ') as ['before' | 'after', string];
    const reached = Promise.withResolvers<void>();
    let hangs = true;
    provider[when] = (made) => {
      if (!hangs || made !== call) return undefined;
      hangs = false;
      reached.resolve();
      return new Promise(() => undefined);
    };
    const first = start();
    running = [];
    const name = await make();
    if (call === 'delete') {
      await expectPhase(name, 'Pending');
      await control.delete(machines, { namespace, name });
    }
    await reached.promise;
    void first.stop();
    start();
    if (call === 'delete') return expectGone(name).then(() => expect(provider.machines.size).toBe(0));
    await expectPhase(name, 'Pending');
    expect(provider.machines.size).toBe(1);
  });

  it('a machine that was made, but never written down, is given back with its Machine', async () => {
    provider.after = (call) => {
      if (call === 'create') throw new MachineError('DeadlineExceeded', 'no answer');
    };
    start({ periods: { ...quickSettings.periods, short: 60_000 } });
    const name = await make();
    await expectPhase(name, 'CrashLoopBackOff');
    expect(provider.machines.size).toBe(1);
    await control.delete(machines, { namespace, name });
    await expectGone(name);
    expect(provider.machines.size).toBe(0);
  });
});

it('looks after machines while the provider is slow to make others', async () => {
  let isSlow = false;
  const slow = Promise.withResolvers<void>();
  provider.before = (call) => (isSlow && call === 'create' ? slow.promise : undefined);
  start();
  const name = await makeRunning();
  const other = await makeRunning();
  isSlow = true;
  const waiting = await Promise.all(Array.from({ length: 15 }, () => make()));
  await eventually(() => expect(provider.calls.filter((call) => call.startsWith('create'))).toHaveLength(12));
  await report(target, name, 'False');
  await expectPhase(name, 'Unknown');
  await control.delete(machines, { namespace, name: other });
  await expectGone(other);
  slow.resolve();
  for (const each of waiting) await expectPhase(each, 'Pending');
});

it('ends a creation before it begins with the deletion', async () => {
  const slow = Promise.withResolvers<void>();
  provider.after = (call) => (call === 'create' ? slow.promise : undefined);
  start();
  const name = await make();
  await eventually(() => expect(provider.calls).toContain(`create ${name}`));
  await control.delete(machines, { namespace, name });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(provider.calls.filter((call) => !call.startsWith('list'))).toEqual([`create ${name}`]);
  slow.resolve();
  await expectGone(name);
  expect(provider.machines.size).toBe(0);
});

describe('deletion', () => {
  it('does not wait for what could never be made', async () => {
    const refuse = (call: string) => {
      if (call !== 'list') throw new MachineError('InvalidArgument', 'the provider spec is wrong');
    };
    provider.before = refuse;
    start();
    const name = await make();
    await expectPhase(name, 'CrashLoopBackOff');
    await control.delete(machines, { namespace, name });
    await expectGone(name);
  });

  it('lets a Machine go that names no class', async () => {
    start();
    const name = freshName();
    await control.create(machines, { metadata: { namespace, name } } as Machine);
    const { status } = await expectPhase(name, 'CrashLoopBackOff');
    expect(status?.lastOperation?.description).toContain('spec.class.kind must be MachineClass');
    await control.delete(machines, { namespace, name });
    await expectGone(name);
  });

  it('says what holds it up, and tries again', async () => {
    start();
    const name = await make();
    await expectPhase(name, 'Pending');
    provider.before = (call) => {
      if (call === 'delete') throw new MachineError('Internal', 'locked');
    };
    await control.delete(machines, { namespace, name });
    await eventually(async () =>
      expect((await get(name)).status).toMatchObject({
        currentStatus: { phase: 'Terminating' },
        lastOperation: {
          state: 'Failed',
          description:
            'VM deletion failed due to - machine codes error: code = [Internal] message = [locked]. Initiate VM deletion',
        },
      }),
    );
    expect(provider.machines.size).toBe(1);
    provider.before = () => undefined;
    await expectGone(name);
    expect(provider.machines.size).toBe(0);
  });
});
