import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import type { RunningProcess } from '../../landscape/processes/process.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { startResourceManager } from '../../landscape/resource-manager/resource-manager.ts';
import { managedResources } from '../../src/apis/resources/managed-resource.ts';
import { configMaps } from '../../src/kube/config-map.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { secrets } from '../../src/kube/secret.ts';
import { configMap } from '../../src/providers/objects.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import { eventually } from '../scene/eventually.ts';
import { type ControlPlaneShoot, createControlPlaneShoot, tapped } from './control-plane-stage.ts';

/** The same life as in control-plane-lifecycle.test.ts, with the real gardener-resource-managers of a seed and a shoot. */
let plane: ControlPlane;
let seed: ClosableKubeClient;
let inShoot: ClosableKubeClient;
let shoot: ControlPlaneShoot;
let managers: RunningProcess[] = [];
const dir = join(inject('landscapeDir'), 'control-plane-resource-manager');
const parts = inject('parts');

beforeAll(async () => {
  plane = await startControlPlane({ dir, parts, progress: silentProgress, shoot: true });
  const kubeconfig = plane.shoot?.kubeconfig ?? '';
  seed = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
  inShoot = createKubeClient({ kubeconfig });
  shoot = await createControlPlaneShoot(seed);
  const { namespace } = shoot;
  const common = { binary: parts['gardener-resource-manager'], dir, seed: plane.garden.kubeconfig };
  managers = await Promise.all([
    startResourceManager(common),
    startResourceManager({ ...common, shoot: { kubeconfig, namespace } }),
  ]);
});
afterAll(async () => {
  await Promise.all(managers.map((manager) => manager.stop()));
  await Promise.all([seed?.close(), inShoot?.close()]);
  await plane?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** The real one looks again after some seconds when a deletion is not done at once. */
const patienceMs = 50_000;
const component = { namespace: 'kube-system', name: 'component' };
const webhooksThere = () => inShoot.find(webhookConfigurations.mutating, { name: 'one' });
const componentInSeed = () => seed.find(configMaps, { namespace: shoot.namespace, name: 'component' });
/** What was not waited for, too. */
const gone = () => eventually(async () => expect(await shoot.resources()).toHaveProperty('size', 0), patienceMs);
const componentInShoot = () => inShoot.find(configMaps, component);

test('a new ControlPlane comes to seed and shoot, with a token between them', async () => {
  await shoot.run('reconcile');
  // It has waited for these.
  expect(await webhooksThere()).toBeDefined();
  await eventually(async () => {
    expect(await componentInSeed()).toBeDefined();
    expect((await componentInShoot())?.metadata.labels).toMatchObject({ 'shoot.gardener.cloud/no-cleanup': 'true' });
  });
  const key = { namespace: shoot.namespace, name: 'shoot-access-component' };
  const token = await eventually(async () => {
    const { data } = await seed.get(secrets, key);
    expect(data?.token).toBeDefined();
    return data?.token;
  });
  await shoot.run('reconcile');
  expect((await seed.get(secrets, key)).data?.token).toBe(token);
});

test('an unchanged one is left alone', async () => {
  const calls: string[] = [];
  await shoot.run('reconcile', { client: tapped(seed, calls) });
  expect(calls.sort()).toEqual(['find secrets', 'list managedresources', 'list secrets', 'list secrets']);
});

test('more objects than a Secret holds as text arrive, and go when they are not wanted any more', {
  timeout: 2 * patienceMs,
}, async () => {
  const large = Array.from({ length: 3 }, (_, index) =>
    configMap({
      metadata: { name: `large-${index}`, namespace: 'kube-system' },
      data: { value: `${index}`.repeat(600_000) },
    }),
  );
  const { desired } = shoot.driver;
  Object.assign(shoot.driver, {
    desired: async (context: Parameters<typeof desired>[0]) => ({ ...(await desired(context)), shoot: large }),
  });
  await shoot.run('reconcile');
  await eventually(async () => {
    for (const { metadata, data } of large) expect((await inShoot.get(configMaps, metadata)).data).toEqual(data);
    expect(await componentInShoot()).toBeUndefined();
  }, patienceMs);
  Object.assign(shoot.driver, { desired });
  await shoot.run('reconcile');
  await eventually(async () => {
    expect(await componentInShoot()).toBeDefined();
    for (const { metadata } of large) expect(await inShoot.find(configMaps, metadata)).toBeUndefined();
  }, patienceMs);
});

test('a migration leaves the shoot as it is, and a restoration takes it over', async () => {
  const before = (await componentInShoot())?.metadata.uid;
  await shoot.run('migrate');
  await gone();
  expect(await componentInSeed()).toBeUndefined();
  expect((await componentInShoot())?.metadata.uid).toBe(before);
  await shoot.run('restore');
  await eventually(async () => {
    expect(await componentInSeed()).toBeDefined();
    expect((await componentInShoot())?.metadata).toMatchObject({ uid: before });
    // Until gardener-resource-manager has noted the objects as its own, it would not delete them.
    const { status } = await seed.get(managedResources, {
      namespace: shoot.namespace,
      name: 'extension-controlplane-shoot',
    });
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'ResourcesApplied', status: 'True' }));
  });
});

test('a deletion waits until everything is gone from the shoot', async () => {
  await shoot.run('delete');
  expect(await componentInShoot()).toBeUndefined();
  expect(await webhooksThere()).toBeUndefined();
  await gone();
  expect(await componentInSeed()).toBeUndefined();
});
