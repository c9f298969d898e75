import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { secrets, shoots } from '../../landscape/gardenlet/resources.ts';
import { deployments } from '../../landscape/pods/deployment.ts';
import { eventually } from '../scene/eventually.ts';
import { type Empty, reportStage, startEmptyStage } from './whole-life/empty-stage.ts';
import { added, type Inventory, inventoryOf, isLeftByOthers } from './whole-life/inventory.ts';
import {
  atMetalApi,
  egressCIDRs,
  expectApplied,
  firewallReview,
  firewallSpec,
  idsOf,
  imagesOf,
  machineObjects,
  managedSecrets,
  policiesOf,
} from './whole-life/look.ts';
import { writesBetween } from './whole-life/own-writes.ts';
import type { Seed } from './whole-life/seed.ts';
import { orderShoot, type UserShoot } from './whole-life/shoot.ts';
import type { Stage } from './whole-life/stage.ts';

/** One Shoot from its creation to its deletion, with a move to another seed; each test begins where the one before ends. */

let stage: Stage;
let shoot: UserShoot;
let uid: string;
let empty: Empty;
let second: (Seed & { readonly kubeconfig: string }) | undefined;
let emptySecond: Inventory;
let firewall: string[];

beforeAll(async () => {
  ({ stage, empty } = await startEmptyStage('whole-life'));
});
afterAll(() => stage?.[Symbol.asyncDispose]());

beforeEach(() => onTestFailed(() => reportStage(stage, empty)));

const own = () => atMetalApi(stage.metalApi, uid);
const seed = () => (second ?? stage.local).client;
const image = (version: string) => ({
  type: 'c1-xlarge-x86',
  architecture: 'amd64',
  image: { name: 'ubuntu', version },
});
const pool = (change: object = {}) => ({
  ...{ name: 'group-0', minimum: 1, maximum: 1, maxSurge: 1, maxUnavailable: 0, cri: { name: 'containerd' } },
  machine: image('24.4.20251104'),
  ...change,
});
const workers = (change: object) => ({ spec: { provider: { workers: [pool(change)] } } });

/** Running machines, after whatever happened: the same objects, nodes and machines at metal-api. */
async function expectMachines(count: number): Promise<void> {
  await eventually(async () => {
    const objects = await machineObjects(seed(), shoot.namespace);
    expect(objects.machines).toHaveLength(count);
    expect(
      own()
        .machines.map(({ allocation }) => allocation?.hostname)
        .sort(),
    ).toEqual(objects.machines);
  });
}

/** A rollout of firewall-controller-manager may be under way. */
const expectFirewallReview = () =>
  eventually(async () =>
    expect(await firewallReview(seed(), shoot.namespace)).toContain('no more than 4 firewall replicas are allowed'),
  );

test('a Shoot is made', { timeout: 90_000 }, async () => {
  shoot = await orderShoot(stage.garden, 'life', { workers: [pool()] });
  await shoot.ready();
  uid = await shoot.uid();
  const { namespace } = shoot;
  await eventually(async () =>
    expect(await expectApplied(seed(), namespace)).toEqual([
      ...['seed', 'shoot', 'shoot-webhooks', 'storageclasses'].map((name) => `extension-controlplane-${name}`),
      'shoot-core-machine-controller-manager',
    ]),
  );
  await expectFirewallReview();
  const { networks, machines, firewalls, ips } = own();
  const [nodes] = networks;
  expect(firewalls).toHaveLength(1);
  firewall = idsOf(firewalls);
  const networksOf = firewalls[0]?.allocation?.networks.map(({ networkid }) => networkid);
  expect(networksOf).toEqual(expect.arrayContaining(['internet', nodes?.id]));
  expect(await firewallSpec(seed(), namespace)).toMatchObject({
    networks: ['internet', nodes?.id],
    egressRules: [{ networkID: 'internet', ips: ['203.0.113.10'] }],
    rateLimits: [{ networkID: 'internet', rate: 100 }],
  });
  expect(ips).toContain('203.0.113.10');
  await expectMachines(1);
  expect(imagesOf(machines)).toEqual(['ubuntu-24.4.20251104']);
  expect([...(await policiesOf(stage.local.shoot)).keys()].sort()).toEqual([
    'apiserver',
    'dns',
    'http',
    'https',
    'ntp',
    'vpn',
  ]);
  await eventually(async () =>
    expect(await egressCIDRs(seed(), { namespace, name: shoot.key.name })).toContain('203.0.113.10/32'),
  );
});

test('to reconcile it again writes what is asked for, and nothing else', async () => {
  const machines = idsOf(own().machines);
  const { metrics } = stage.local.controllers();
  // Health is told when it changes, which it does for a moment longer.
  await eventually(async () => {
    const last = await metrics();
    await shoot.reconcile();
    // Of Infrastructure, ControlPlane and Worker the request is taken, and the result is told.
    expect(writesBetween(last, await metrics())).toEqual({ 'PATCH 200': 6 });
  });
  expect(idsOf(own().machines)).toEqual(machines);
  expect(idsOf(own().firewalls)).toEqual(firewall);
});

test('a pool grows and shrinks', async () => {
  await shoot.change(workers({ minimum: 3, maximum: 3 }));
  await expectMachines(3);
  await shoot.change(workers({ minimum: 2, maximum: 2 }));
  await expectMachines(2);
});

test('another image rolls the machines, and nothing of the old ones stays', async () => {
  const old = await machineObjects(seed(), shoot.namespace);
  await shoot.change(workers({ minimum: 2, maximum: 2, machine: image('24.4.20260114') }));
  await expectMachines(2);
  expect(imagesOf(own().machines)).toEqual(['ubuntu-24.4.20260114', 'ubuntu-24.4.20260114']);
  await eventually(async () => {
    const { classes, secrets: classSecrets } = await machineObjects(seed(), shoot.namespace);
    expect(classes).toHaveLength(1);
    expect(classSecrets).toEqual(classes);
    expect(old.classes).not.toContain(classes[0]);
  });
  expect(idsOf(own().firewalls)).toEqual(firewall);
});

test('it sleeps without machines, and wakes up', async () => {
  const { namespace } = shoot;
  await shoot.change({ spec: { hibernation: { enabled: true } } });
  await expectMachines(0);
  const replicas = async (name: string) => (await seed().get(deployments, { namespace, name })).spec.replicas;
  expect(await replicas('machine-controller-manager')).toBe(0);
  await eventually(async () => {
    expect(await replicas('firewall-controller-manager')).toBe(0);
    expect(await replicas('cloud-controller-manager')).toBe(0);
  });
  expect(idsOf(own().firewalls)).toEqual(firewall);
  await shoot.change({ spec: { hibernation: { enabled: false } } });
  await expectMachines(2);
  expect(idsOf(own().firewalls)).toEqual(firewall);
  await eventually(() => expectApplied(seed(), namespace));
});

test('its authorities are rotated', { timeout: 120_000 }, async () => {
  const { namespace } = shoot;
  const lastInitiationTime = new Date().toISOString().replace(/\.\d+Z/, 'Z');
  const enter = async (phase: string) => {
    const certificateAuthorities = { phase, lastInitiationTime };
    const status = { credentials: { rotation: { certificateAuthorities } } };
    await stage.garden.mergePatch(shoots, shoot.key, { status }, { subresource: 'status' });
    await shoot.reconcile();
    await expectFirewallReview();
  };
  const machines = idsOf(own().machines);
  const authorities = async () => (await managedSecrets(seed(), namespace))['ca-provider-metal-controlplane'];
  for (const [phase, count] of [
    ['Preparing', 2],
    ['Prepared', 2],
    ['Completing', 1],
    ['Completed', 1],
  ] as const) {
    await enter(phase);
    expect([phase, await authorities()]).toEqual([phase, count]);
  }
  // The nodes get the new authorities of the cluster as new machines.
  await expectMachines(2);
  expect(idsOf(own().machines)).not.toEqual(machines);
  expect(idsOf(own().firewalls)).toEqual(firewall);
});

test('its credentials are exchanged', async () => {
  const { namespace } = shoot;
  const machines = idsOf(own().machines);
  const source = { namespace: 'garden-local', name: 'metal-credentials' };
  const metalAPIHMac = stage.exchangeHmac();
  await stage.garden.mergePatch(secrets, source, { stringData: { metalAPIHMac } });
  await shoot.reconcile();
  await eventually(() => expectApplied(seed(), namespace));
  await shoot.change(workers({ minimum: 1, maximum: 1, machine: image('24.4.20260114') }));
  await expectMachines(1);
  expect(machines).toEqual(expect.arrayContaining(idsOf(own().machines)));
  expect(idsOf(own().firewalls)).toEqual(firewall);
});

test('it moves to another seed with its firewall and its machines', { timeout: 120_000 }, async () => {
  const there = own();
  second = await stage.second();
  emptySecond = await inventoryOf(second.kubeconfig);
  await stage.garden.mergePatch(
    shoots,
    shoot.key,
    { spec: { seedName: 'second' } },
    { subresource: 'binding' as never },
  );
  await shoot.ready();
  expect((await shoot.read()).status?.lastOperation?.type).toBe('Restore');
  await eventually(() => expectApplied(seed(), shoot.namespace));
  await expectMachines(1);
  expect(idsOf(own().machines)).toEqual(idsOf(there.machines));
  expect(idsOf(own().firewalls)).toEqual(firewall);
  expect(own().networks).toEqual(there.networks);
  await expectFirewallReview();
  await eventually(async () =>
    expect(added(empty.garden, await inventoryOf(stage.gardenKubeconfig))).toEqual([
      'shoots.core.gardener.cloud garden-local/life',
    ]),
  );
});

test('it is deleted, and nothing of it stays', { timeout: 120_000 }, async () => {
  await shoot.delete();
  await shoot.gone();
  expect(own()).toEqual({ firewalls: [], machines: [], networks: [], ips: [] });
  await eventually(async () => {
    expect(added(empty.garden, await inventoryOf(stage.gardenKubeconfig))).toEqual([]);
    expect(added(emptySecond, await inventoryOf(second?.kubeconfig ?? ''))).toEqual([]);
    const inShoot = added(empty.shoot, await inventoryOf(stage.shootKubeconfig));
    expect(inShoot.filter((entry) => !isLeftByOthers(entry))).toEqual([]);
  });
});
