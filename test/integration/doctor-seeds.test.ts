import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { OTHER_PROJECT, PROJECT } from '../../landscape/metal-api/fixture.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { clusters } from '../../src/apis/extensions/resources.ts';
import { exitCodeOf, type Report } from '../../src/doctor/report.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { secrets } from '../../src/kube/secret.ts';
import { allocateIP } from '../scene/metal-stock.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import { createGarden, installGarden, shoots } from './doctor-garden-stage.ts';
import { beat, clusterOf, createHome, freeIP, type Home, look, service } from './doctor-stage.ts';

let one: Seed;
let plane: ControlPlane;
let two: ClosableKubeClient;
let homes: readonly [Home, Home];

/** Two seeds of one garden, whose clusters have one project of metal-api, and one technical id. */
beforeAll(async () => {
  const dir = inject('landscapeDir');
  const parts = inject('parts');
  [one, plane] = await Promise.all([
    startSeed({ dir: join(dir, 'doctor-one'), parts, metalApi: { contract: true } }),
    startControlPlane({ dir: join(dir, 'doctor-two'), parts, progress: silentProgress }),
  ]);
  two = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
  await installGarden(one.client);
  await createGarden(one.client, one.metalApi.url);
  const garden = one.client;
  homes = [
    await createHome(one.client, one.metalApi, 'home', { seedName: 'fra-1', project: 'a' }),
    await createHome(two, one.metalApi, 'home', { seedName: 'fra-2', project: 'b', garden }),
  ];
  await Promise.all([beat(one.client), beat(two)]);
});
afterAll(async () => {
  expect(one.metalApi.violations).toEqual([]);
  await two.close();
  await plane.stop();
  await rm(plane.dir, { recursive: true, force: true });
  await one[Symbol.asyncDispose]();
});

const both = (fix = false) => look(one.client, { others: { two }, garden: one.client, fix });
const kinds = ({ findings }: Report) => findings.map(({ kind }) => kind).sort();

test('seeds are called what their Clusters say, and share the calls of their project', async () => {
  const before = one.metalApi.calls.last;
  const { findings, unseen, seeds } = await both();
  expect({ findings, unseen }).toEqual({ findings: [], unseen: [] });
  expect(seeds).toEqual([
    { name: 'fra-1', clusters: 1 },
    { name: 'fra-2', clusters: 1 },
  ]);
  const calls = one.metalApi.calls.since(before).map(({ operation }) => operation);
  expect(calls.sort()).toEqual(['findIPs', 'findMachines', 'findNetworks', 'listImages', 'listSizes']);
});

test('what is a mess in one seed is not in the other of the same technical id', async () => {
  const { namespace, machine } = homes[1];
  const labels = { 'garden.sapcloud.io/purpose': 'machineclass' };
  const stale = { namespace, name: `${namespace}-w-00000` };
  for (const client of [one.client, two]) await client.create(secrets, { metadata: { ...stale, labels }, data: {} });
  await one.client.delete(secrets, stale);

  const offer = await both();
  expect(offer.findings).toMatchObject([{ kind: 'ClassSecretStale', seed: 'fra-2', fix: { key: stale } }]);
  await one.client.create(secrets, { metadata: { ...stale }, data: {} });
  const done = await both(true);
  expect(done.findings).toMatchObject([{ seed: 'fra-2', result: { outcome: 'done' } }]);
  expect(await one.client.find(secrets, stale)).toBeDefined();
  expect(await two.find(secrets, stale)).toBeUndefined();
  for (const client of [one.client, two]) await client.get(secrets, { namespace, name: machine.className });
  await one.client.delete(secrets, stale);
});

describe('what is left of a cluster that no garden knows', () => {
  let address: string;
  beforeAll(async () => {
    address = (await allocateIP(one.metalApi, 'ephemeral', [service(randomUUID())])).ipaddress;
  });
  const isThere = () => [...one.metalApi.state.ips.all()].some(({ ipaddress }) => ipaddress === address);

  test('may be of the seed that was not looked at', async () => {
    const report = await look(one.client, { garden: one.client, fix: true });
    expect(kinds(report)).toEqual(['ClusterUnknown', 'SeedNotLookedAt']);
    expect(report.findings.find(({ kind }) => kind === 'SeedNotLookedAt')).toMatchObject({ object: 'Seed fra-2' });
    expect(report.findings.filter(({ fix }) => fix)).toEqual([]);
    expect(isThere()).toBe(true);
  });

  test.each<[string, Record<string, () => ClosableKubeClient>, string]>([
    ['called by the name of the other seed', { 'fra-1=two': () => two }, 'seed fra-1'],
    ['given twice', { two: () => two, again: () => two }, 'seed again'],
  ])('is not freed with a kubeconfig %s', async (_, others, what) => {
    const clients = Object.fromEntries(Object.entries(others).map(([name, client]) => [name, client()]));
    const report = await look(one.client, { others: clients, garden: one.client, fix: true });
    expect(exitCodeOf(report)).toBe(2);
    expect(report.unseen).toMatchObject([{ what }]);
    expect(isThere()).toBe(true);
  });

  test('is not freed while a seed does not answer, which is named', async () => {
    await plane.killGarden();
    const dead = createKubeClient({ kubeconfig: plane.garden.kubeconfig, timeoutMs: 2_000 });
    try {
      const report = await look(one.client, { others: { 'fra-2=two': dead }, garden: one.client, fix: true });
      expect(exitCodeOf(report)).toBe(2);
      expect(report.unseen).toMatchObject([{ what: 'seed fra-2' }]);
      expect(kinds(report)).toEqual(['ClusterUnknown', 'SeedNotLookedAt']);
      expect(isThere()).toBe(true);
    } finally {
      await dead.close();
      await plane.startGarden();
    }
  });

  test('is freed once everything was looked at, after a dry run that says the same', async () => {
    const dry = await both();
    expect(dry.findings).toMatchObject([{ kind: 'IPLeaked', fix: { id: address } }]);
    expect(isThere()).toBe(true);
    const { findings } = await both(true);
    expect(findings.map(({ result, ...finding }) => finding)).toEqual(dry.findings);
    expect(isThere()).toBe(false);
  });
});

test('a Shoot that two seeds have is being moved: nothing of it is leaked, and nothing is compared', async () => {
  const [{ uid, garden }] = homes;
  const moved = 'shoot--a--home';
  await two.create(clusters, clusterOf(moved, garden, uid, one.metalApi.url, 'fra-2'));
  const { ipaddress } = await allocateIP(one.metalApi, 'static', [`cluster.metal-stack.io/id/egress=${uid}`]);
  const report = await both(true);
  expect(kinds(report)).toEqual(['ShootOnTwoSeeds']);
  expect(exitCodeOf(report)).toBe(0);
  await freeIP(one, ipaddress);
  await two.delete(clusters, { name: moved });
});

test('a thousand networks of others are neither ours nor a burden', async () => {
  const { networks } = one.metalApi.state;
  const [model] = [...networks.values()].filter(({ id }) => id === homes[0].networkID);
  if (!model) throw new Error('the node network is not there');
  const ids = Array.from({ length: 1_000 }, () => randomUUID());
  for (const [index, id] of ids.entries()) {
    const projectid = index % 2 === 0 ? OTHER_PROJECT : PROJECT;
    const labels: Record<string, string> = index % 2 === 0 ? { 'cluster.metal-stack.io/id': randomUUID() } : {};
    networks.set(id, { ...model, id, projectid, labels });
  }
  const begin = performance.now();
  const report = await both(true);
  expect(performance.now() - begin).toBeLessThan(15_000);
  expect({ findings: report.findings, unseen: report.unseen }).toEqual({ findings: [], unseen: [] });
  for (const id of ids) {
    expect(networks.has(id)).toBe(true);
    networks.delete(id);
  }
});

test('a garden that cannot be read is named, and proves nothing', async () => {
  const { ipaddress } = await allocateIP(one.metalApi, 'ephemeral', [service(randomUUID())]);
  await two.list(shoots).then(
    () => expect.unreachable('the second seed is no garden'),
    () => undefined,
  );
  const report = await look(one.client, { others: { two }, garden: two, fix: true });
  expect(exitCodeOf(report)).toBe(2);
  expect(report.unseen).toMatchObject([{ what: 'Shoots of garden garden' }]);
  expect(kinds(report)).toEqual(['ClusterNotOfThisSeed']);
  await freeIP(one, ipaddress);
});

test("Gardener's own API server has what is read of a garden", async () => {
  const garden = createKubeClient({ kubeconfig: inject('kubeconfig') });
  const report = await look(one.client, { others: { two }, garden, fix: true });
  await garden.close();
  expect(report.unseen).toEqual([]);
  expect(report.findings.filter(({ kind }) => kind === 'ShootUnknown')).toHaveLength(2);
  expect(report.findings.filter(({ result }) => result)).toEqual([]);
});
