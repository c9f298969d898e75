import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { leases } from '../../src/kube/lease.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import { secrets, type TestShoot } from '../scene/shoot.ts';
import { allGone, allReady } from '../scene/wait.ts';

let seed: Seed;

beforeAll(async () => {
  seed = await startSeed({ dir: join(inject('landscapeDir'), 'controllers'), parts: inject('parts') });
});
afterAll(() => seed[Symbol.asyncDispose]());

const infrastructure = (shoot: TestShoot) => seed.client.get(infrastructures, shoot.key);
const holder = async () =>
  (await seed.client.find(leases, { namespace: 'default', name: 'provider-metal-leader-election' }))?.spec
    ?.holderIdentity;
const log = (running: ControllersProcess) => readFile(running.logFile, 'utf8');
const networksOf = (shoot: TestShoot) =>
  [...seed.metalApi.state.networks.values()].filter(
    (network) => network.labels['cluster.metal-stack.io/id'] === shoot.uid,
  );

describe('one replica', () => {
  let controllers: ControllersProcess;
  beforeAll(async () => {
    controllers = await seed.startControllers();
  });
  afterAll(() => controllers.stop());

  it('brings an Infrastructure to its network and back, with two writes', async () => {
    const before = await seed.requests();
    const shoot = await seed.createShoot();
    await allReady(seed.client, [shoot]);
    const after = await seed.requests();
    const [network] = networksOf(shoot);
    expect((await infrastructure(shoot)).status).toMatchObject({ nodesCIDR: network?.prefixes[0] });
    const writes = [...after].filter(([key]) => key.startsWith('PATCH extensions.gardener.cloud/infrastructures'));
    expect(writes.reduce((sum, [key, count]) => sum + count - (before.get(key) ?? 0), 0)).toBe(2);

    await seed.client.delete(infrastructures, shoot.key);
    await allGone(seed.client, [shoot]);
    expect(networksOf(shoot)).toEqual([]);
  });

  it('uses credentials that were rotated while it runs', async () => {
    const shoot = await seed.createShoot({ hmac: 'not-the-key' });
    await eventually(async () =>
      expect((await infrastructure(shoot)).status?.lastError?.codes).toEqual(['ERR_INFRA_UNAUTHENTICATED']),
    );
    await seed.client.mergePatch(
      secrets,
      { ...shoot.key, name: 'cloudprovider' },
      { stringData: { metalAPIHMac: 'metal-admin' } },
    );
    await allReady(seed.client, [shoot]);
    expect(await log(controllers)).not.toContain('not-the-key');
    expect(await log(controllers)).not.toContain('metal-admin');
  });

  it('goes on after the API server was restarted, and after it was killed', async () => {
    await seed.plane.restartGarden();
    const afterRestart = await seed.createShoot();
    await allReady(seed.client, [afterRestart]);
    await seed.plane.killGarden();
    await seed.plane.startGarden();
    const afterKill = await seed.createShoot();
    await allReady(seed.client, [afterRestart, afterKill]);
  });

  it('goes on after metal-api was away', async () => {
    await seed.metalApi.pause();
    const shoot = await seed.createShoot();
    await eventually(async () => expect((await infrastructure(shoot)).status?.lastOperation?.state).toBe('Error'));
    expect((await infrastructure(shoot)).status?.lastError?.codes ?? []).not.toContain('ERR_INFRA_DEPENDENCIES');
    await seed.metalApi.resume();
    await allReady(seed.client, [shoot]);
    expect(networksOf(shoot)).toHaveLength(1);
  });

  it('serves the metrics that dashboards of controller-runtime read', async () => {
    const metrics = await controllers.metrics();
    for (const name of [
      'controller_runtime_reconcile_total{controller="infrastructure",result="success"}',
      'workqueue_depth{',
      'leader_election_master_status{name="provider-metal-leader-election"} 1',
      'rest_client_requests_total{',
      'metal_api_requests_total{',
    ]) {
      expect(metrics).toContain(name);
    }
  });

  it('renews its heartbeat', async () => {
    const heartbeat = await seed.client.get(leases, { namespace: 'default', name: 'gardener-extension-heartbeat' });
    expect(heartbeat.spec).toMatchObject({ holderIdentity: 'provider-metal', leaseDurationSeconds: 30 });
  });
});

describe('two replicas', () => {
  it('hand over at once on SIGTERM, and when the leader was killed', async () => {
    await using first = await seed.startControllers({ name: 'first' });
    await eventually(async () => expect(await holder()).toContain(`-${first.pid}-`));
    await using second = await seed.startControllers({ name: 'second' });
    const one = await seed.createShoot();
    await allReady(seed.client, [one]);

    await first.stop();
    const two = await seed.createShoot();
    await allReady(seed.client, [two], 5000);
    expect(await holder()).toContain(`-${second.pid}-`);

    await using third = await seed.startControllers({ name: 'third' });
    await second.kill();
    const three = await seed.createShoot();
    await allReady(seed.client, [three], 5000);
    expect(await holder()).toContain(`-${third.pid}-`);
  });
});
