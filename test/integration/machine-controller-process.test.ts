import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { defaultFixture } from '../../landscape/metal-api/fixture.ts';
import { type MetalApi, startMetalApi } from '../../landscape/metal-api/server.ts';
import { machines } from '../../src/apis/machine/machine.ts';
import { nodes } from '../../src/controllers/machine/node.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { leases } from '../../src/kube/lease.ts';
import { eventually } from '../scene/eventually.ts';
import { type MachineControllerProcess, startMachineController } from '../scene/machine-controller-process.ts';
import { createMetalClasses } from '../scene/metal-class.ts';
import { createNamespace } from './kube-kit.ts';
import { createMachineObject, join, machineOf } from './machine-stage.ts';

/** `espalier machine-controller` as it runs beside machine-controller-manager, two of it, killed again and again. */

const clusterID = '7d1f0c7e-5f0e-4f57-9d0b-2a5f0f0f0f0f';
const rounds = 5;
const perRound = 6;
let control: ClosableKubeClient;
let target: ClosableKubeClient;
let metalApi: MetalApi;
let namespace: string;
const replicas = new Map<string, MachineControllerProcess>();

beforeAll(async () => {
  control = createKubeClient({ kubeconfig: inject('kubeconfig') });
  target = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
  namespace = await createNamespace(control, 'processes');
  const timing = { provisioningMs: 0, reclaimMs: 0 };
  const knobs = { latencyMs: 5, jitterMs: 30 };
  metalApi = await startMetalApi({ fixture: defaultFixture({ machines: 90 }), timing, knobs, contract: true });
  await createMetalClasses(control, metalApi, { namespace, clusterID, names: ['metal'] });
});
afterAll(async () => {
  await Promise.all([...replicas.values()].map((replica) => replica.stop()));
  await metalApi?.close();
  await Promise.all([control.close(), target.close()]);
});

async function startReplica(name: string): Promise<void> {
  const kubeconfigs = { control: inject('kubeconfig'), target: inject('shootKubeconfig') };
  replicas.set(name, await startMachineController({ dir: inject('landscapeDir'), ...kubeconfigs, namespace, name }));
}

const leaderPid = async (): Promise<number> => {
  const lease = await control.find(leases, { namespace, name: 'machine-controller' });
  return Number(/-(\d+)-\d+$/.exec(lease?.spec?.holderIdentity ?? '')?.[1]);
};

async function killLeader(): Promise<void> {
  const pid = await eventually(async () => {
    const leader = await leaderPid();
    expect([...replicas.values()].map((replica) => replica.pid)).toContain(leader);
    return leader;
  });
  const [name, replica] = [...replicas].find(([, { pid: own }]) => own === pid) ?? [];
  await replica?.kill();
  if (name) await startReplica(name);
}

const allocated = () =>
  [...metalApi.state.machines.values()].flatMap(({ allocation }) => allocation?.hostname ?? []).sort();
const listMachines = async () => (await control.list(machines, { namespace })).items;

it('has one machine for each Machine in the end, whenever it is killed', { timeout: 180_000 }, async () => {
  await Promise.all(['one', 'two'].map(startReplica));
  const stop = new AbortController();
  const joined = new Set<string>();
  const kubelets = (async () => {
    while (!stop.signal.aborted) {
      for (const name of allocated().filter((one) => !joined.has(one))) {
        joined.add(name);
        await join(target, name);
      }
      await delay(50);
    }
  })();
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < perRound; index += 1) {
      const name = `p-${randomBytes(4).toString('hex')}`;
      await createMachineObject(control, machineOf(namespace, name, 'metal'));
    }
    const present = await listMachines();
    for (const { metadata } of present.slice(0, round === 0 ? 0 : perRound / 2)) {
      await control.delete(machines, metadata);
    }
    await delay(Math.random() * 400);
    await killLeader();
  }
  await eventually(async () => {
    const present = await listMachines();
    expect(present.map(({ status }) => status?.currentStatus?.phase)).toEqual(present.map(() => 'Running'));
    const names = present.map(({ metadata }) => metadata.name).sort();
    expect(allocated()).toEqual(names);
    expect(new Set(present.map(({ spec }) => spec.providerID)).size).toBe(names.length);
    const { items } = await target.list(nodes);
    expect(
      items
        .map(({ metadata }) => metadata.name)
        .filter((name) => joined.has(name))
        .sort(),
    ).toEqual(names);
  }, 60_000);
  stop.abort();
  await kubelets;

  const pid = await leaderPid();
  const leader = [...replicas.values()].find((replica) => replica.pid === pid);
  const metrics = await leader?.metrics();
  expect(metrics).toMatch(new RegExp(`^mcm_machine_items_total ${(await listMachines()).length}$`, 'm'));
  expect(metrics).toMatch(/^mcm_cloud_api_driver_request_duration_seconds_count\{provider="metal"/m);
  expect(metalApi.violations).toEqual([]);

  for (const { metadata } of await listMachines()) await control.delete(machines, metadata);
  await eventually(async () => expect([await listMachines(), allocated()]).toEqual([[], []]), 60_000);
});
