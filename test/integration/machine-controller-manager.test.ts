import { join as path } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { withFreePort } from '../../landscape/processes/ports.ts';
import { type RunningProcess, startProcess } from '../../landscape/processes/process.ts';
import { type MachineDeployment, machineDeployments, machines } from '../../src/apis/machine/machine.ts';
import { nodes } from '../../src/controllers/machine/node.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { MachineError } from '../../src/providers/machine.ts';
import { eventually } from '../scene/eventually.ts';
import { createNamespace } from './kube-kit.ts';
import {
  createClass,
  createMemoryProvider,
  join,
  type MemoryProvider,
  type RunningController,
  report,
  startMachineController,
} from './machine-stage.ts';

/** machine-controller-manager itself makes Machines; its other half is ours. */

const patience = 60_000;
let control: ClosableKubeClient;
let target: ClosableKubeClient;
let namespace: string;
let provider: MemoryProvider;
let controller: RunningController;
let manager: RunningProcess;
let kubelets: { stop(): Promise<void> };
/** Names of machines whose kubelet does not come up. */
const broken = new Set<string>();

beforeAll(async () => {
  control = createKubeClient({ kubeconfig: inject('kubeconfig') });
  target = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
  namespace = await createNamespace(control, 'manager');
  provider = createMemoryProvider();
  for (const name of ['first', 'second']) await createClass(control, namespace, name);
  manager = await startManager();
  controller = startMachineController({
    ...{ namespace, control, target, driver: provider },
    settings: { healthTimeoutMs: 2000 },
  });
  kubelets = startKubelets();
});
afterAll(async () => {
  await kubelets?.stop();
  await controller?.stop();
  await manager?.stop();
  await Promise.all([control.close(), target.close()]);
});

const startManager = () =>
  withFreePort((port) =>
    startProcess({
      name: 'machine-controller-manager',
      command: inject('parts')['machine-controller-manager'],
      args: [
        `--control-kubeconfig=${inject('kubeconfig')}`,
        `--target-kubeconfig=${inject('shootKubeconfig')}`,
        `--namespace=${namespace}`,
        `--port=${port}`,
        '--leader-elect=false',
        '--kube-api-qps=150',
        '--kube-api-burst=200',
      ],
      logFile: path(inject('landscapeDir'), 'machine-controller-manager.log'),
      ready: async (signal) => (await fetch(`http://127.0.0.1:${port}/healthz`, { signal })).ok,
    }),
  );

/** Every machine that is made becomes a Node. */
function startKubelets() {
  const stop = new AbortController();
  const joined = new Set<string>();
  const running = (async () => {
    while (!stop.signal.aborted) {
      for (const { name } of provider.machines.values()) {
        if (joined.has(name) || broken.has(name)) continue;
        joined.add(name);
        await join(target, name);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    stop: () => {
      stop.abort();
      return running;
    },
  };
}

const key = () => ({ namespace, name: 'pool' });
const scale = (replicas: number) => control.mergePatch(machineDeployments, key(), { spec: { replicas } });
const listMachines = async () => (await control.list(machines, { namespace })).items;

/** What the deployment says, what Machines there are, what the provider has, and the Nodes agree. */
async function expectSettled(replicas: number, className: string): Promise<void> {
  await eventually(async () => {
    const { status } = await control.get(machineDeployments, key());
    const found = await listMachines();
    expect(found.map(({ spec, status: own }) => [spec.class.name, own?.currentStatus?.phase])).toEqual(
      Array.from({ length: replicas }, () => [className, 'Running']),
    );
    expect(status).toMatchObject({ updatedReplicas: replicas, availableReplicas: replicas });
    const names = found.map(({ metadata }) => metadata.name).sort();
    expect([...provider.machines.values()].map(({ name }) => name).sort()).toEqual(names);
    const { items } = await target.list(nodes);
    const known = new Set(provider.calls.flatMap((call) => call.split(' ')[1] ?? []));
    expect(
      items
        .map(({ metadata }) => metadata.name)
        .filter((name) => known.has(name))
        .sort(),
    ).toEqual(names);
  }, patience);
}

describe('with machine-controller-manager', { timeout: 2 * patience }, () => {
  it('makes the machines of a MachineDeployment', async () => {
    const labels = { name: 'pool' };
    const deployment: MachineDeployment = {
      metadata: key(),
      spec: {
        replicas: 2,
        minReadySeconds: 0,
        selector: { matchLabels: labels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: { metadata: { labels }, spec: { class: { kind: 'MachineClass', name: 'first' } } },
      },
    };
    await control.create(machineDeployments, deployment);
    await expectSettled(2, 'first');
  });

  it('scales up and down', async () => {
    await scale(4);
    await expectSettled(4, 'first');
    await scale(2);
    await expectSettled(2, 'first');
  });

  it('rolls the machines, one more than wanted at a time', async () => {
    let most = 0;
    const after = provider.after;
    provider.after = async () => {
      // One that is on its way out does not count for machine-controller-manager.
      const staying = (await listMachines()).filter(({ metadata }) => !metadata.deletionTimestamp);
      most = Math.max(most, staying.length);
    };
    const spec = { template: { spec: { class: { name: 'second' } } } };
    await control.mergePatch(machineDeployments, key(), { spec });
    await expectSettled(2, 'second');
    expect(most).toBe(3);
    provider.after = after;
  });

  it('replaces a machine whose node is sick', async () => {
    const [sick] = await listMachines();
    const name = sick?.metadata.name ?? '';
    await report(target, name, 'False');
    await eventually(async () => expect(await control.find(machines, { namespace, name })).toBeUndefined(), patience);
    await expectSettled(2, 'second');
  });

  it('tells the deployment that there are no machines to be had, until there are', async () => {
    provider.before = (call) => {
      if (call === 'create') throw new MachineError('ResourceExhausted', 'no machine available');
    };
    await scale(3);
    await eventually(async () => {
      const { status } = await control.get(machineDeployments, key());
      expect(status?.failedMachines).toEqual([
        expect.objectContaining({ lastOperation: expect.objectContaining({ errorCode: 'ResourceExhausted' }) }),
      ]);
    }, patience);
    provider.before = () => undefined;
    await expectSettled(3, 'second');
  });

  it('gives everything back', async () => {
    await control.delete(machineDeployments, key());
    await eventually(async () => {
      expect(await listMachines()).toEqual([]);
      expect(provider.machines.size).toBe(0);
      expect(await control.find(machineDeployments, key())).toBeUndefined();
    }, patience);
  });
});
