import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { installCrds, readSeedCrds } from '../../landscape/control-plane/crds.ts';
import { ensureObject } from '../../landscape/control-plane/ensure-object.ts';
import { firewallMonitors } from '../../landscape/hardware/firewall-controller.ts';
import { nodes } from '../../landscape/hardware/node-resource.ts';
import { runHardware } from '../../landscape/hardware/run.ts';
import { FIREWALL_SIZE, PARTITION, PROJECT, WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import { startForTest, type TestApi } from '../../landscape/metal-api/test-client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { leases } from '../../src/kube/lease.ts';
import type { ObjectKey } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { eventually } from '../scene/eventually.ts';
import { silent } from './kube-kit.ts';

const namespaces = defineResource({
  ...{ group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces' },
  namespaced: false,
});
const LEASE_NAMESPACE = 'kube-node-lease';
const FIREWALL_NAMESPACE = 'firewall';

let shoot: ClosableKubeClient;
let serial = 0;

beforeAll(async () => {
  shoot = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
  await ensureObject(shoot, namespaces, { metadata: { name: FIREWALL_NAMESPACE } });
  const crds = await readSeedCrds();
  await installCrds(
    shoot,
    crds.filter(({ spec }) => spec.names.kind === 'FirewallMonitor'),
  );
});
afterAll(() => shoot.close());

interface Stage extends AsyncDisposable {
  readonly simulator: TestApi;
  /** Name that no other test has. */
  readonly name: (base: string) => string;
  readonly allocate: (hostname: string, change?: object) => Promise<string>;
  readonly free: (id: string) => Promise<unknown>;
  readonly restart: () => Promise<void>;
}

/** A simulator with hardware that boots in 20 ms and speaks every 50 ms. */
async function startStage(): Promise<Stage> {
  const simulator = await startForTest({ timing: { provisioningMs: 20, reclaimMs: 0 } });
  serial += 1;
  const { api, call } = simulator;
  const { body: network } = await call('POST', '/v1/network/allocate', { projectid: PROJECT, partitionid: PARTITION });
  const start = () => {
    const stop = new AbortController();
    const ended = runHardware({
      control: new URL('/_simulator', api.url).href,
      shootOf: (clusterID) => (clusterID === 'C' ? shoot : undefined),
      ...{ clock: systemClock, log: silent, signal: stop.signal, leaseMs: 50, reportMs: 50 },
    });
    return () => {
      stop.abort();
      return ended;
    };
  };
  let stop = start();
  return {
    simulator,
    name: (base) => `${base}-${process.pid}-${serial}`,
    async allocate(hostname, change = {}) {
      const { kind = 'machine', ...fields } = change as { kind?: string };
      const isFirewall = kind === 'firewall';
      const { body } = await call('POST', `/v1/${kind}/allocate`, {
        ...{ projectid: PROJECT, partitionid: PARTITION, name: hostname, hostname, user_data: '#!/bin/bash' },
        sizeid: isFirewall ? FIREWALL_SIZE : WORKER_SIZE,
        imageid: isFirewall ? 'firewall-ubuntu-3.0' : 'ubuntu-24.4',
        networks: [{ networkid: network.id }, ...(isFirewall ? [{ networkid: 'internet' }] : [])],
        tags: ['cluster.metal-stack.io/id=C', 'topology.kubernetes.io/region=fra'],
        ...fields,
      });
      return body.id;
    },
    free: (id) => call('DELETE', `/v1/machine/${id}/free`),
    async restart() {
      await stop();
      stop = start();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

const node = (name: string) => shoot.find(nodes, { name });
const ready = async (name: string): Promise<string | undefined> =>
  (await node(name))?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
const becomes = (name: string, status: string | undefined) =>
  eventually(async () => expect(await ready(name)).toBe(status));
const renewedAt = async (name: string) =>
  (await shoot.find(leases, { namespace: LEASE_NAMESPACE, name }))?.spec?.renewTime;

async function isRenewed(name: string): Promise<void> {
  const before = await renewedAt(name);
  await eventually(async () => expect(await renewedAt(name)).not.toBe(before));
}

/** Of the user data `<id>.0123456789abcdef`. */
async function createToken(id: string): Promise<ObjectKey> {
  const metadata = { namespace: 'kube-system', name: `bootstrap-token-${id}` };
  const texts = { 'token-id': id, 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' };
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  const type = 'bootstrap.kubernetes.io/token';
  await shoot.create(secrets, { metadata, type, data: Object.fromEntries(data) });
  return metadata;
}

/** A whole turn of a machine that was told of after the change has passed: then the change has been seen as well. */
async function witness(stage: Stage, base: string): Promise<void> {
  const name = stage.name(base);
  await stage.allocate(name);
  await becomes(name, 'True');
  await isRenewed(name);
}

describe('a worker', () => {
  test('joins as a Node, and renews its Lease', async () => {
    await using stage = await startStage();
    const name = stage.name('w');
    const id = await stage.allocate(name);
    await becomes(name, 'True');
    expect(await node(name)).toMatchObject({
      metadata: {
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/arch': 'amd64',
          'node.kubernetes.io/instance-type': WORKER_SIZE,
          'topology.kubernetes.io/zone': PARTITION,
          'topology.kubernetes.io/region': 'fra',
        },
      },
      spec: { providerID: `metal://${PARTITION}/${id}` },
      status: {
        addresses: [
          { type: 'Hostname', address: name },
          { type: 'InternalIP', address: expect.stringMatching(/^10\./) },
        ],
        capacity: { pods: '250' },
        allocatable: { cpu: '12' },
      },
    });
    await isRenewed(name);
  });

  test('joins when the shoot accepts its bootstrap token, and never with the placeholder', async () => {
    await using stage = await startStage();
    const [name, without] = [stage.name('token'), stage.name('placeholder')];
    await stage.allocate(without, { user_data: 'echo <<BOOTSTRAP_TOKEN>>' });
    await stage.allocate(name, { user_data: 'echo ab12cd.0123456789abcdef' });
    await witness(stage, 'witness');
    expect([await node(name), await node(without)]).toEqual([undefined, undefined]);
    const secret = await createToken('ab12cd');
    await becomes(name, 'True');
    await shoot.delete(secrets, secret);
    expect(await node(without)).toBeUndefined();
  });

  test('does what its knob says, and comes back', async () => {
    await using stage = await startStage();
    const { knobs } = stage.simulator.api;
    const [late, well] = [stage.name('late'), stage.name('well')];
    const ill = stage.name('ill');
    knobs.turn({
      hardware: [
        { hostname: `${late}*`, runs: 'never-joins' },
        { hostname: ill, runs: 'not-ready' },
      ],
    });
    for (const name of [late, well, ill]) await stage.allocate(name);
    await witness(stage, 'witness');
    expect(await node(late)).toBeUndefined();
    await becomes(ill, 'False');
    knobs.turn({ hardware: [] });
    await becomes(late, 'True');

    knobs.turn({ hardware: [{ hostname: late, runs: 'not-ready' }] });
    await becomes(late, 'False');
    await isRenewed(late);
    knobs.turn({ hardware: [{ hostname: late, runs: 'silent' }] });
    await becomes(late, 'Unknown');
    const last = await renewedAt(late);
    await witness(stage, 'another');
    expect(await renewedAt(late)).toBe(last);
    knobs.reset();
    await becomes(late, 'True');
    await isRenewed(late);
    expect(await ready(well)).toBe('True');
  });

  test('goes with its machine, and a Node that was deleted stays so', async () => {
    await using stage = await startStage();
    const [freed, gone] = [stage.name('freed'), stage.name('gone')];
    const id = await stage.allocate(freed);
    const other = await stage.allocate(gone);
    await Promise.all([becomes(freed, 'True'), becomes(gone, 'True')]);
    await shoot.delete(nodes, { name: gone });
    await stage.free(id);
    await becomes(freed, 'Unknown');
    await witness(stage, 'witness');
    expect(await node(gone)).toBeUndefined();
    await stage.free(other);
  });

  test('on hardware that another had is a Node of its own', async () => {
    await using stage = await startStage();
    const [first, second] = [stage.name('first'), stage.name('second')];
    const id = await stage.allocate(first);
    await becomes(first, 'True');
    await stage.free(id);
    await stage.allocate(second, { uuid: id });
    await becomes(second, 'True');
    await becomes(first, 'Unknown');
  });

  test('is the same when hardware or simulator begin again', async () => {
    await using stage = await startStage();
    const [kept, freed] = [stage.name('kept'), stage.name('freed')];
    await stage.allocate(kept, { user_data: 'echo zz12cd.0123456789abcdef' });
    const secret = await createToken('zz12cd');
    const id = await stage.allocate(freed);
    await Promise.all([becomes(kept, 'True'), becomes(freed, 'True')]);
    await shoot.delete(secrets, secret);
    const uid = (await node(kept))?.metadata.uid;
    await stage.restart();
    await isRenewed(kept);
    expect((await node(kept))?.metadata.uid).toBe(uid);

    const { api } = stage.simulator;
    await isRenewed(freed);
    await api.pause();
    await isRenewed(kept);
    await api.resume();
    await stage.free(id);
    await becomes(freed, 'Unknown');
    await isRenewed(kept);
  });
});

test('a firewall reports to its monitor as soon as there is one, until it is silent', async () => {
  await using stage = await startStage();
  const name = stage.name('fw');
  const key = { namespace: FIREWALL_NAMESPACE, name };
  await stage.allocate(name, { kind: 'firewall' });
  const spec = { size: 's', image: 'i', partition: 'p', project: 'p', networks: ['n'], conditions: [] };
  await shoot.create(firewallMonitors, { metadata: key, ...spec });
  const report = async () => (await shoot.get(firewallMonitors, key)).controllerStatus;
  const first = await eventually(async () => {
    const status = await report();
    expect(status?.controllerVersion).toMatch(/^v2\./);
    return status;
  });
  expect(Math.abs(Date.now() - Date.parse(first?.lastRun ?? ''))).toBeLessThan(30_000);
  expect(first?.lastRunAgainstSeed).toBe(first?.lastRun);
  await eventually(async () => expect((await report())?.lastRun).not.toBe(first?.lastRun));
  stage.simulator.api.knobs.turn({ hardware: [{ hostname: name, runs: 'silent' }] });
  await witness(stage, 'witness');
  const last = (await report())?.lastRun ?? '';
  // It counts in seconds.
  await eventually(async () => {
    const renewed = Date.parse((await renewedAt(stage.name('witness'))) ?? '');
    expect(renewed).toBeGreaterThan(Date.parse(last) + 2_000);
  });
  expect((await report())?.lastRun).toBe(last);
  expect(await node(name)).toBeUndefined();
});
