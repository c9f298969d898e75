import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { installCrds, readSeedCrds } from '../../landscape/control-plane/crds.ts';
import { createAuthority } from '../../landscape/pki/authority.ts';
import { type Firewall, firewallDeployments, firewallSets, firewalls } from '../../src/apis/firewall/firewall.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { createMetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { eventually } from '../scene/eventually.ts';
import { createFirewallShoot, type FirewallShoot, SSH_KEY } from './firewall-stage.ts';
import { create, createManagedResource, expectHealthy } from './real-parts/apply.ts';
import { certificateSecret, seedObjects, shootObjects } from './real-parts/firewall-controller-manager.ts';
import { type Stage, startStage } from './real-parts/stage.ts';

/** firewall-controller-manager takes the last part for the name of the Infrastructure. */
const namespace = 'shoot--fw--s';
const kinds: readonly Resource[] = [firewallDeployments, firewallSets, firewalls];
const SLOW_MS = 60_000;
const metalApis = createMetalApiRegistry({ clock: systemClock });
let stage: Stage;
let shoot: FirewallShoot;

beforeAll(async () => {
  stage = await startStage(join(inject('landscapeDir'), 'firewalls'), inject('parts'), namespace);
  shoot = await createFirewallShoot({ metal: stage.metalApi, kube: stage.seed, metalApis, namespace });
  await startManager();
});
afterAll(async () => {
  await metalApis.close();
  await stage?.[Symbol.asyncDispose]();
});

async function startManager(): Promise<void> {
  const { seed, plane, metalApi, shootUrl, genericKubeconfigSecret } = stage;
  const ca = await createAuthority('ca-provider-metal-controlplane');
  const manager = 'firewall-controller-manager';
  const account = {
    'serviceaccount.resources.gardener.cloud/name': manager,
    'serviceaccount.resources.gardener.cloud/namespace': 'kube-system',
  };
  const requested = {
    'resources.gardener.cloud/purpose': 'token-requestor',
    'resources.gardener.cloud/class': 'shoot',
  };
  const metadata = { name: `shoot-access-${manager}`, namespace, labels: requested, annotations: account };
  const key = { metadata: { name: 'ssh-keypair', namespace }, stringData: { 'id_rsa.pub': SSH_KEY } };
  await create(
    seed,
    { apiVersion: 'v1', kind: 'Secret', metadata },
    { apiVersion: 'v1', kind: 'Secret', ...key },
    certificateSecret(namespace, await ca.server(manager, [`${manager}.${namespace}.svc`])),
  );
  const crds = await readSeedCrds();
  await installCrds(
    stage.shoot,
    crds.filter(({ spec }) => spec.names.kind === 'FirewallMonitor'),
  );
  await createManagedResource(seed, { namespace, name: 'extension-controlplane-shoot' }, shootObjects());
  const objects = seedObjects({
    ...{ namespace, clusterId: shoot.uid, shootUrl, genericKubeconfigSecret },
    ...{ ca: ca.cert, metalApiUrl: metalApi.url, seedUrl: plane.garden.server },
  });
  await createManagedResource(seed, { namespace, name: 'extension-controlplane-seed' }, objects, 'seed');
  await eventually(() => expectHealthy(seed, { namespace, name: 'extension-controlplane-seed' }), SLOW_MS);
}

/** Ids of the firewalls at metal-api. */
const machines = () =>
  [...stage.metalApi.state.machines.values()]
    .filter(({ allocation }) => allocation?.role === 'firewall')
    .map(({ id }) => id);

const listed = async (): Promise<Firewall[]> => (await stage.seed.list(firewalls, { namespace })).items;

/** The one firewall, when its machine is known. */
async function running(): Promise<Firewall> {
  const [firewall, ...others] = await listed();
  expect(others).toEqual([]);
  expect(machines()).toEqual([firewall?.status?.machineStatus?.machineID]);
  if (!firewall) throw new Error('no firewall');
  return firewall;
}

test('it completes what we create, and makes the firewall', async () => {
  // It refuses until the tokens are there that go into the user data.
  await eventually(() => shoot.run('beforeReconcile'), SLOW_MS);
  const { metadata } = await eventually(running, SLOW_MS);
  expect((await shoot.firewallDeployment())?.spec?.template?.spec?.userdata).toContain('.seed-kubeconfig');
  await shoot.run('afterReconcile');
  expect((await shoot.state())?.firewalls).toEqual([expect.stringContaining(`name: ${metadata.name}\n`)]);
});

test('what it writes is no reason for us to write', async () => {
  const patched: object[] = [];
  const kube: KubeClient = {
    ...stage.seed,
    mergePatch: (resource, key, patch, options) => {
      patched.push(patch);
      return stage.seed.mergePatch(resource, key, patch, options);
    },
  };
  await eventually(async () => {
    expect((await shoot.firewallDeployment())?.status?.observedRevision).toBe(0);
  });
  await shoot.run('beforeReconcile', { kube });
  await shoot.run('afterReconcile', { kube });
  expect(patched).toEqual([]);
});

test('it takes our changes over to the firewall, also those that take something back', async () => {
  const { controlPlaneConfig } = shoot.shoot.spec.provider;
  const allowed = async () => (await running()).spec?.allowedNetworks?.egress;
  controlPlaneConfig.networkAccessType = 'forbidden';
  await shoot.run('beforeReconcile');
  await eventually(async () => expect(await allowed()).toEqual(['10.0.0.0/8']));
  controlPlaneConfig.networkAccessType = 'baseline';
  await shoot.run('beforeReconcile');
  await eventually(async () => expect(await allowed()).toBeUndefined());
});

test(
  'a move leaves the machine, and it is found again',
  async () => {
    const before = await running();
    const machineID = before.status?.machineStatus?.machineID;
    await shoot.run('migrate');
    // The garbage collector learns of new kinds only every half a minute.
    await eventually(async () => {
      for (const resource of kinds) expect((await stage.seed.list(resource, { namespace })).items).toEqual([]);
    }, 2 * SLOW_MS);
    expect(machines()).toEqual([machineID]);

    await eventually(() => shoot.run('beforeRestore'), SLOW_MS);
    await eventually(async () => {
      const [restored] = await listed();
      expect(restored?.metadata).toMatchObject({
        name: before.metadata.name,
        ownerReferences: [{ kind: 'FirewallSet' }],
      });
    }, SLOW_MS);
    // While the set adopts the firewall, a report of its machine may be lost, and is repeated only after two minutes.
    const annotations = { 'firewall.metal-stack.io/reconcile': 'true' };
    await stage.seed.mergePatch(firewalls, before.metadata, { metadata: { annotations } });
    const after = await eventually(running, SLOW_MS);
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(after.status?.machineStatus?.machineID).toBe(machineID);
  },
  4 * SLOW_MS,
);

test('the deletion ends when it has freed the machine', async () => {
  await shoot.run('afterDeletion');
  expect(machines()).toEqual([]);
  expect(await listed()).toEqual([]);
});
