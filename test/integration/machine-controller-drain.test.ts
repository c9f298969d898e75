import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { machines } from '../../src/apis/machine/machine.ts';
import {
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  volumeAttachments,
} from '../../src/controllers/machine/drain/objects.ts';
import { nodes } from '../../src/controllers/machine/node.ts';
import type { MachineSettings } from '../../src/controllers/machine/settings.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { eventually } from '../scene/eventually.ts';
import { createNamespace } from './kube-kit.ts';
import { machineActions } from './machine-actions.ts';
import {
  createClass,
  createMemoryProvider,
  type MemoryProvider,
  quickSettings,
  type RunningController,
  report,
  startMachineController,
} from './machine-stage.ts';

let control: ClosableKubeClient;
let target: ClosableKubeClient;
let namespace: string;
/** Of the pods, in the target. */
let podNamespace: string;
let provider: MemoryProvider;
let controller: RunningController | undefined;

beforeAll(() => {
  control = createKubeClient({ kubeconfig: inject('kubeconfig') });
  target = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
});
beforeEach(async () => {
  namespace = await createNamespace(control, 'machines');
  podNamespace = await createNamespace(target, 'pods');
  provider = createMemoryProvider();
  await createClass(control, namespace, 'small');
});
afterEach(() => controller?.stop());
afterAll(() => Promise.all([control.close(), target.close()]));

async function machineWithNode(settings: Partial<MachineSettings> = {}): Promise<string> {
  controller = startMachineController({ namespace, control, target, driver: provider, settings });
  return makeRunning();
}

const { get, makeRunning, expectGone } = machineActions(() => ({ control, target, namespace }));
const remove = (name: string) => control.delete(machines, { namespace, name });
const podsLeft = async () => (await target.list(pods, { namespace: podNamespace })).items;
const isEnding = (name: string) =>
  eventually(async () => {
    const pod = await target.get(pods, { namespace: podNamespace, name });
    expect(pod.metadata.deletionTimestamp).toBeDefined();
  });
const isStillThere = async (machine: string) => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect([...provider.machines.values()].map(({ name }) => name)).toContain(machine);
};

/** As the scheduler would have put it there, running. */
async function pod(nodeName: string, name: string, more: { metadata?: object; spec?: object } = {}): Promise<void> {
  const containers = [{ name: 'main', image: 'main' }];
  const metadata = { namespace: podNamespace, name, labels: { app: 'test' }, ...more.metadata };
  const spec = {
    nodeName,
    containers,
    terminationGracePeriodSeconds: 30,
    automountServiceAccountToken: false,
    ...more.spec,
  };
  await target.create(pods, { metadata, spec } as KubeObject as never);
  const conditions = [{ type: 'Ready', status: 'True' }];
  const status = { phase: 'Running', conditions };
  await target.mergePatch(pods, { namespace: podNamespace, name }, { status }, { subresource: 'status' });
}

/** kubelet's part: the pod has ended. */
const endPod = (name: string) => target.delete(pods, { namespace: podNamespace, name }, { gracePeriodSeconds: 0 });

/** The part of the disruption controller. */
async function budget(disruptionsAllowed: number, healthy = 1, expected = 2): Promise<void> {
  const key = { namespace: podNamespace, name: 'budget' };
  const selector = { matchLabels: { app: 'test' } };
  const live =
    (await target.find(podDisruptionBudgets, key)) ??
    (await target.create(podDisruptionBudgets, { metadata: key, spec: { selector, minAvailable: 1 } } as never));
  const status = {
    observedGeneration: live.metadata.generation,
    disruptionsAllowed,
    currentHealthy: healthy,
    desiredHealthy: 1,
    expectedPods: expected,
  };
  await target.mergePatch(podDisruptionBudgets, key, { status }, { subresource: 'status' });
}

it('empties the node before the machine goes, but for what comes back at once', async () => {
  const name = await machineWithNode();
  const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'a', controller: true };
  await pod(name, 'app');
  await pod(name, 'agent', { metadata: { ownerReferences: [owner] } });
  await remove(name);
  await isEnding('app');
  const node = await target.get(nodes, { name });
  expect(node.spec?.unschedulable).toBe(true);
  expect(node.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Terminating', status: 'True', reason: 'ScaleDown' }),
  );
  expect(node.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  expect((await get(name)).status).toMatchObject({
    currentStatus: { phase: 'Terminating' },
    lastOperation: { type: 'Delete', state: 'Processing', description: expect.stringContaining('Initiate node drain') },
  });
  await isStillThere(name);
  await endPod('app');
  await expectGone(name);
  expect(provider.machines.size).toBe(0);
  expect(await target.find(nodes, { name })).toBeUndefined();
  expect((await podsLeft()).map(({ metadata }) => metadata.name)).toEqual(['agent']);
});

it('waits for a PodDisruptionBudget', async () => {
  const name = await machineWithNode();
  await pod(name, 'app');
  await budget(0);
  await remove(name);
  await isStillThere(name);
  expect((await podsLeft())[0]?.metadata.deletionTimestamp).toBeUndefined();
  await budget(1);
  await isEnding('app');
  await endPod('app');
  await expectGone(name);
});

it('says that a budget will never allow it', async () => {
  const name = await machineWithNode();
  await pod(name, 'app');
  await budget(0, 2, 2);
  await remove(name);
  await eventually(async () =>
    expect((await get(name)).status?.lastOperation).toMatchObject({
      state: 'Failed',
      description: expect.stringMatching(/budget pods-\w+\/budget is misconfigured.*Initiate node drain/),
    }),
  );
  await isStillThere(name);
});

it('deletes a pod in the end that may never be evicted', async () => {
  const name = await machineWithNode({ maxEvictRetries: 3 });
  await pod(name, 'app');
  await budget(0);
  await remove(name);
  await expectGone(name);
  expect(await podsLeft()).toEqual([]);
});

it('goes on without a pod that does not end, after the time of the drain', async () => {
  const name = await machineWithNode({ drainTimeoutMs: 2000 });
  await pod(name, 'stuck', { metadata: { finalizers: ['test.example.org/stuck'] } });
  await remove(name);
  await expectGone(name);
  expect(provider.machines.size).toBe(0);
});

it('does not wait when it is told so', async () => {
  const name = await machineWithNode();
  await pod(name, 'app');
  await budget(0);
  await remove(name);
  await isStillThere(name);
  await control.mergePatch(machines, { namespace, name }, { metadata: { labels: { 'force-deletion': 'True' } } });
  await expectGone(name);
  expect(await podsLeft()).toEqual([]);
});

it('does not wait for a node that has been sick for long', async () => {
  const name = await machineWithNode();
  await pod(name, 'app');
  await report(target, name, 'False', Date.now() - 10 * 60_000);
  await eventually(async () => expect((await get(name)).status?.currentStatus?.phase).toBe('Unknown'));
  await remove(name);
  await expectGone(name);
});

it('takes the attachments of volumes away after a drain by force', async () => {
  const name = await machineWithNode();
  const attachment = `attachment-${name}`;
  const spec = { attacher: 'csi.test', nodeName: name, source: { persistentVolumeName: 'pv' } };
  await target.create(volumeAttachments, { metadata: { name: attachment }, spec } as never);
  const status = {
    volumesAttached: [{ name: 'kubernetes.io/csi/csi.test^v', devicePath: '' }],
    volumesInUse: ['kubernetes.io/csi/csi.test^v'],
  };
  await target.mergePatch(nodes, { name }, { status }, { subresource: 'status' });
  await control.mergePatch(machines, { namespace, name }, { metadata: { labels: { 'force-deletion': 'True' } } });
  await remove(name);
  await expectGone(name);
  expect(await target.find(volumeAttachments, { name: attachment })).toBeUndefined();
});

async function volume(name: string, handle: string): Promise<object> {
  const capacity = { storage: '1Gi' };
  const accessModes = ['ReadWriteOnce'];
  const create = <T extends KubeObject>(resource: Resource<T>, object: object) => target.create(resource, object as T);
  const csi = { driver: 'csi.test', volumeHandle: handle };
  await create(persistentVolumes, { metadata: { name }, spec: { capacity, accessModes, csi } });
  const claim = { accessModes, volumeName: name, resources: { requests: capacity } };
  await create(persistentVolumeClaims, { metadata: { namespace: podNamespace, name }, spec: claim });
  return { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] };
}

it('moves pods with volumes one after the other, the important one first', async () => {
  const name = await machineWithNode({ periods: { ...quickSettings.periods, poll: 50 } });
  const id = randomBytes(4).toString('hex');
  const attached = (...handles: string[]) =>
    target.mergePatch(
      nodes,
      { name },
      {
        status: {
          volumesAttached: handles.map((handle) => ({ name: `kubernetes.io/csi/csi.test^${handle}`, devicePath: '' })),
        },
      },
      { subresource: 'status' },
    );
  await pod(name, 'minor', { spec: await volume(`minor-${id}`, `one-${id}`) });
  await pod(name, 'major', {
    spec: { ...(await volume(`major-${id}`, `two-${id}`)), priorityClassName: 'system-node-critical' },
  });
  await attached(`one-${id}`, `two-${id}`);
  await remove(name);
  await isEnding('major');
  await endPod('major');
  await isStillThere(name);
  const minor = await target.get(pods, { namespace: podNamespace, name: 'minor' });
  expect(minor.metadata.deletionTimestamp).toBeUndefined();
  await attached(`one-${id}`);
  await isEnding('minor');
  await endPod('minor');
  await isStillThere(name);
  await attached();
  await expectGone(name);
});

it('leaves what another controller was at to be gone on with', async () => {
  const name = await machineWithNode();
  await controller?.stop();
  await remove(name);
  const lastOperation = { type: 'Delete', state: 'Processing', description: 'Deletion of Node. Initiate VM deletion' };
  const status = { currentStatus: { phase: 'Terminating' }, lastOperation };
  await control.mergePatch(machines, { namespace, name }, { status }, { subresource: 'status' });
  await pod(name, 'app');
  controller = startMachineController({ namespace, control, target, driver: provider });
  await expectGone(name);
  expect((await podsLeft())[0]?.metadata.deletionTimestamp).toBeUndefined();
});
