import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { PROJECT } from '../../landscape/metal-api/fixture.ts';
import { type Firewall, firewallDeployments, firewallSets, firewalls } from '../../src/apis/firewall/firewall.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { isConflict, isNotFound } from '../../src/kube/errors.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { OperationError } from '../../src/providers/errors.ts';
import { webhookConfigurations } from '../../src/providers/metal/infrastructure/webhook-configurations.ts';
import type { MetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { firewallsOf } from '../../src/providers/metal/worker/firewall-state.ts';
import { createFirewallStage, FINALIZER, type FirewallShoot, type FirewallStage, SSH_KEY } from './firewall-stage.ts';
import { callMetal } from './infrastructure-stage.ts';

const RECONCILE = 'firewall.metal-stack.io/reconcile';
let stage: FirewallStage;
beforeAll(async () => {
  stage = await createFirewallStage(inject('kubeconfig'));
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  stage.metal.knobs.reset();
  expect([...stage.metal.violations]).toEqual([]);
});

const failure = (promise: Promise<unknown>): Promise<OperationError> =>
  promise.then(
    () => expect.unreachable('it should have failed'),
    (error: OperationError) => error,
  );

async function shootWithFirewall(...names: string[]): Promise<FirewallShoot> {
  const shoot = await stage.shoot();
  await shoot.registerWebhooks();
  await shoot.run('beforeReconcile');
  if (names.length > 0) await shoot.createFirewalls(...names);
  return shoot;
}

const listed = async (resource: Resource, { namespace }: FirewallShoot) =>
  (await stage.kube.list(resource, { namespace })).items;

/** Still a matter for firewall-controller-manager; what it would do about deletions is to free machines. */
async function held(shoot: FirewallShoot): Promise<string[]> {
  const all: KubeObject[] = [];
  for (const resource of [firewallDeployments, firewallSets, firewalls]) all.push(...(await listed(resource, shoot)));
  return all
    .filter(({ metadata }) => !metadata.deletionTimestamp || metadata.finalizers?.includes(FINALIZER))
    .map(({ metadata }) => metadata.name);
}

const inState = async (shoot: FirewallShoot) => firewallsOf(await shoot.state()).map(({ metadata }) => metadata.name);
const isAllocated = (id: string) => stage.metal.state.machines.get(id)?.allocation !== undefined;

describe('reconcile', () => {
  test('waits for the webhooks that complete a firewall', async () => {
    const shoot = await stage.shoot();
    const error = await failure(shoot.run('beforeReconcile'));
    expect(error).toBeInstanceOf(OperationError);
    expect(error.message).toMatch(/^MutatingWebhookConfiguration firewall-controller-manager-\S+ .* not yet present/);
    expect(error.retryAfterMs).toBe(5_000);
    expect(await shoot.firewallDeployment()).toBeUndefined();
  });

  test('creates the firewall, and writes nothing while nothing changes', async () => {
    const shoot = await shootWithFirewall();
    const created = await shoot.firewallDeployment();
    expect(created?.metadata.labels).toEqual({ 'gardener-shoot-namespace': shoot.namespace });
    expect(created?.spec?.template?.spec).toMatchObject({
      project: PROJECT,
      networks: ['internet', shoot.networkID],
      controllerVersion: 'v2.5.0',
      sshPublicKeys: [SSH_KEY],
    });
    await shoot.run('beforeReconcile');
    expect(await shoot.firewallDeployment()).toEqual(created);
  });

  test('what others have filled in and left out is no change', async () => {
    const shoot = await shootWithFirewall();
    const created = await stage.kube.get(firewallDeployments, { namespace: shoot.namespace, name: 'shoot-firewall' });
    const template = created.spec?.template;
    const { logAcceptedConnections: _, dnsServerAddress: __, rateLimits: ___, ...rest } = template?.spec ?? {};
    const spec = { ...rest, allowedNetworks: {}, interval: '10s', userdata: '{}' };
    const changed = { ...created, spec: { ...created.spec, template: { ...template, spec } } };
    const before = await stage.kube.replace(firewallDeployments, changed);
    await shoot.run('beforeReconcile');
    expect(await shoot.firewallDeployment()).toEqual(before);
  });

  test('changes the firewall with the Shoot, there and back', async () => {
    const shoot = await shootWithFirewall();
    const before = await shoot.firewallDeployment();
    shoot.shoot.spec.provider.controlPlaneConfig.networkAccessType = 'forbidden';
    shoot.shoot.spec.provider.infrastructureConfig.firewall.networks = ['internet', 'mpls'];
    await shoot.run('beforeReconcile');
    const isolated = await shoot.firewallDeployment();
    expect(isolated?.metadata.annotations).toEqual({ [RECONCILE]: 'true' });
    expect(isolated?.spec?.template?.spec).toMatchObject({
      networks: ['internet', 'mpls', shoot.networkID],
      dnsServerAddress: '192.0.2.53',
      allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['10.0.0.0/8'] },
    });
    shoot.shoot.spec.provider.controlPlaneConfig.networkAccessType = 'baseline';
    shoot.shoot.spec.provider.infrastructureConfig.firewall.networks = ['internet'];
    await shoot.run('beforeReconcile');
    expect((await shoot.firewallDeployment())?.spec).toEqual(before?.spec);
  });

  test('a writer who comes in between is not overwritten', async () => {
    const shoot = await shootWithFirewall();
    const key = { namespace: shoot.namespace, name: 'shoot-firewall' };
    let disturbed = false;
    const kube: KubeClient = {
      ...stage.kube,
      mergePatch: async (resource, object, patch, options) => {
        if (!disturbed) {
          disturbed = true;
          const spec = { template: { spec: { image: 'firewall-ubuntu-3.0.20260112' } } };
          await stage.kube.mergePatch(firewallDeployments, key, { spec });
        }
        return stage.kube.mergePatch(resource, object, patch, options);
      },
    };
    Object.assign(shoot.shoot.spec.provider.infrastructureConfig.firewall, {
      autoUpdateMachineImage: true,
      size: 'c1-medium-x86',
    });
    await shoot.run('beforeReconcile', { kube });
    expect((await shoot.firewallDeployment())?.spec).toMatchObject({
      autoUpdate: { machineImage: true },
      template: { spec: { image: 'firewall-ubuntu-3.0.20260112', size: 'c1-medium-x86' } },
    });
  });

  test('asks metal-api once for machines and firewall together, and reads nothing twice', async () => {
    const shoot = await shootWithFirewall();
    const before = stage.metal.calls.last;
    const read: string[] = [];
    const kube: KubeClient = {
      ...stage.kube,
      find: (resource, key, options) => {
        read.push(`${resource.plural} ${key.name}`);
        return stage.kube.find(resource, key, options);
      },
      get: (resource, key, options) => {
        read.push(`${resource.plural} ${key.name}`);
        return stage.kube.get(resource, key, options);
      },
    };
    const driver = shoot.driver({ kube });
    const operation = shoot.createOperation();
    await driver.beforeReconcile(operation);
    const { pools, providerStatus } = await driver.plan(operation);
    await driver.afterReconcile(operation);
    expect(stage.metal.calls.since(before)).toHaveLength(1);
    expect(read.sort()).toEqual(['firewalldeployments shoot-firewall', 'infrastructures s', 'secrets cloudprovider']);
    expect(pools[0]?.content(undefined).providerSpec).toMatchObject({ network: shoot.networkID, image: 'ubuntu-24.4' });
    expect(providerStatus).toMatchObject({ kind: 'WorkerStatus' });
  });

  test('leaves a sleeping cluster alone', async () => {
    const shoot = await stage.shoot();
    shoot.shoot.spec.hibernation.enabled = true;
    shoot.shoot.status.hibernated = true;
    await shoot.run('beforeReconcile');
    expect(await shoot.firewallDeployment()).toBeUndefined();
    shoot.shoot.spec.hibernation.enabled = false;
    expect((await failure(shoot.run('beforeReconcile'))).message).toMatch(/not yet present/);
  });

  test('notes the firewalls, and only what is new of them', async () => {
    const shoot = await shootWithFirewall('fw-b', 'fw-a');
    await shoot.run('afterReconcile');
    expect(await inState(shoot)).toEqual(['fw-a', 'fw-b']);
    const state = await shoot.state();
    const key = { namespace: shoot.namespace, name: 'fw-a' };
    await stage.kube.mergePatch(
      firewalls,
      key,
      { status: { phase: 'Running', conditions: [] } },
      { subresource: 'status' },
    );
    await shoot.run('afterReconcile');
    expect(await shoot.state()).toEqual(state);
  });
});

describe('move to another seed', () => {
  test('lets go of the firewalls under the eyes of a manager that is at work', async () => {
    const shoot = await shootWithFirewall('fw-a', 'fw-b');
    const manager = startManager(shoot);
    await shoot.run('migrate');
    manager.stop();
    expect(await manager.freed).toEqual([]);
    expect(await held(shoot)).toEqual([]);
    expect(await inState(shoot)).toEqual(['fw-a', 'fw-b']);
    await shoot.run('migrate');
    expect(await inState(shoot)).toEqual(['fw-a', 'fw-b']);
  });

  test('an attempt that was cut short loses no firewall', async () => {
    const shoot = await shootWithFirewall('fw-a', 'fw-b');
    const cut: KubeClient = {
      ...stage.kube,
      delete: (resource, key, options) => {
        if (key.name === 'fw-b') return Promise.reject(new Error('killed'));
        return stage.kube.delete(resource, key, options);
      },
    };
    expect((await failure(shoot.run('migrate', { kube: cut }))).message).toBe('killed');
    expect(await held(shoot)).toEqual(['fw-b']);
    await shoot.run('migrate');
    expect(await held(shoot)).toEqual([]);
    expect(await inState(shoot)).toEqual(['fw-a', 'fw-b']);
  });

  test('a firewall that went before is not in the state', async () => {
    const shoot = await shootWithFirewall('fw-a', 'fw-b');
    await shoot.run('afterReconcile');
    await remove(firewalls, shoot, 'fw-a');
    await shoot.run('migrate');
    expect(await inState(shoot)).toEqual(['fw-b']);
  });

  test('a manager that sleeps does not hold the cluster back', async () => {
    const shoot = await stage.shoot();
    await shoot.registerWebhooks({ unreachable: true });
    await shoot.run('beforeReconcile');
    await shoot.createFirewalls('fw-a');
    await vi.waitFor(() => expectRefused(shoot), { timeout: 10_000, interval: 100 });
    await shoot.run('migrate');
    expect(await held(shoot)).toEqual([]);
    for (const resource of webhookConfigurations) {
      const name = `firewall-controller-manager-${shoot.namespace}`;
      expect(await stage.kube.find(resource, { name })).toBeUndefined();
    }
  });

  test('takes up what the state knows, once there is a manager', async () => {
    const source = await shootWithFirewall('fw-a');
    await source.run('migrate');
    const shoot = await stage.shoot();
    await shoot.setInfrastructure({ state: await source.state() });
    expect((await failure(shoot.run('beforeRestore'))).message).toMatch(
      /Deployment firewall-controller-manager does not/,
    );
    await startManagerDeployment(shoot);
    await shoot.registerWebhooks();
    await shoot.run('beforeRestore');
    const [restored] = (await listed(firewalls, shoot)) as Firewall[];
    expect(restored).toMatchObject({
      metadata: { name: 'fw-a', finalizers: [FINALIZER] },
      spec: { networks: ['internet', source.networkID] },
    });
    expect(restored?.metadata.ownerReferences).toBeUndefined();
    expect(await shoot.firewallDeployment()).toBeDefined();
    await shoot.run('beforeRestore');
    expect(await listed(firewalls, shoot)).toHaveLength(1);
  });

  test('a cluster that sleeps takes its firewalls up when it wakes', async () => {
    const source = await shootWithFirewall('fw-a');
    await source.run('migrate');
    const shoot = await stage.shoot();
    await shoot.setInfrastructure({ state: await source.state() });
    await shoot.registerWebhooks();
    shoot.shoot.spec.hibernation.enabled = true;
    shoot.shoot.status.hibernated = true;
    await shoot.run('beforeRestore');
    expect(await listed(firewalls, shoot)).toEqual([]);
    shoot.shoot.spec.hibernation.enabled = false;
    await shoot.run('beforeReconcile');
    expect(await listed(firewalls, shoot)).toHaveLength(1);
    expect(await inState(shoot)).toEqual(['fw-a']);
  });

  test('a state that cannot be read stops it, before there is another firewall', async () => {
    const shoot = await stage.shoot();
    await shoot.registerWebhooks();
    await startManagerDeployment(shoot);
    await shoot.setInfrastructure({ state: { firewalls: ['{'] } });
    const error = await failure(shoot.run('beforeRestore'));
    expect(error.message).toMatch(/status\.state of the Infrastructure cannot be read: entry 0 is not YAML/);
    expect(error.codes).toEqual(['ERR_RETRYABLE_CONFIGURATION_PROBLEM']);
    expect(await shoot.firewallDeployment()).toBeUndefined();
  });
});

describe('deletion', () => {
  test('waits until the manager has freed everything', async () => {
    const shoot = await shootWithFirewall('fw-a');
    const manager = startManager(shoot);
    await shoot.run('afterDeletion');
    manager.stop();
    expect(await manager.freed).toEqual(['fw-a']);
    expect(await held(shoot)).toEqual([]);
    expect(shoot.progress[0]).toBe('Waiting until firewalldeployments are gone');
    await shoot.run('afterDeletion');
  });

  test('says what to do when there is no manager any more', async () => {
    const shoot = await shootWithFirewall('fw-a');
    const clock: Clock = { ...systemClock, schedule: (_, callback) => systemClock.schedule(200, callback) };
    const error = await failure(shoot.run('afterDeletion', { clock }));
    expect(error.message).toMatch(
      /^deletion of FirewallDeployment shoot-firewall is still ongoing\. Deployment firewall-controller-manager does not exist: .*free the firewalls at metal-api and remove the finalizers/,
    );
    expect(error.retryAfterMs).toBe(5_000);
  });

  test('Firewalls without a FirewallDeployment go as well', async () => {
    const shoot = await shootWithFirewall('fw-a');
    await remove(firewallDeployments, shoot, 'shoot-firewall');
    const manager = startManager(shoot);
    await shoot.run('afterDeletion');
    manager.stop();
    expect(await manager.freed).toEqual(['fw-a']);
  });
});

describe('force deletion', () => {
  test('frees what is wholly this cluster’s and tells what is not', async () => {
    const shoot = await shootWithFirewall('fw-a');
    const ours = [await shoot.allocate('firewall', 'fw-a'), await shoot.allocate('machine', 'node-1')];
    const shared = await shoot.allocate('machine', 'node-2', ['cluster.metal-stack.io/id/egress=another']);
    const locked = await shoot.allocate('machine', 'node-3');
    await callMetal(stage.metal, 'POST', `/v1/machine/${locked}/state`, {
      value: 'LOCKED',
      description: 'look',
      metal_hammer_version: '',
    });
    const other = await stage.shoot();
    const foreign = await other.allocate('machine', 'node-4');

    await shoot.run('forceDelete');
    expect(ours.map(isAllocated)).toEqual([false, false]);
    expect([shared, locked, foreign].map(isAllocated)).toEqual([true, true, true]);
    expect(await held(shoot)).toEqual([]);
    expect(shoot.events).toHaveLength(1);
    expect(shoot.events[0]).toMatch(/^Warning NotReleased Left behind in metal-api, cluster id \S+: /);
    expect(shoot.events[0]).toContain(`machine node-2 (${shared}): not freed, it is not only of this cluster`);
    expect(shoot.events[0]).toMatch(/machine node-3 \(.*\): .*machine is locked/);
  });

  test('does not free what is another’s by the time that its turn comes', async () => {
    const shoot = await stage.shoot();
    const other = await stage.shoot();
    const ours = [await shoot.allocate('machine', 'node-1'), await shoot.allocate('machine', 'node-2')];
    const taken: string[] = [];
    const client: MetalApiRegistry['client'] = (...account) => {
      const api = stage.metalApis.client(...account);
      const freeMachine: typeof api.freeMachine = async (id) => {
        await api.freeMachine(id);
        const next = ours.find((one) => one !== id) ?? '';
        if (taken.length > 0) return;
        await api.freeMachine(next);
        taken.push(await vi.waitFor(() => other.allocate('machine', 'node-1', [], next), { timeout: 10_000 }));
      };
      return { ...api, freeMachine };
    };
    await shoot.run('forceDelete', { metalApis: { ...stage.metalApis, client } });
    expect(ours).toEqual(expect.arrayContaining(taken));
    expect(ours.filter(isAllocated)).toEqual(taken);
    expect(shoot.events).toEqual([]);
  });

  test('a metal-api that is down does not stop it', async () => {
    const shoot = await shootWithFirewall('fw-a');
    stage.metal.knobs.set({ unavailable: '503' });
    await shoot.run('forceDelete');
    expect(await held(shoot)).toEqual([]);
    expect(shoot.events[0]).toMatch(/machines and firewalls: metal-api findMachines/);
  });

  test('waits for machine-controller-manager, but not for ever', async () => {
    const shoot = await shootWithFirewall();
    const id = await shoot.allocate('machine', 'node-1');
    await shoot.createDeployment('machine-controller-manager');
    shoot.worker.metadata.deletionTimestamp = new Date().toISOString();
    const error = await failure(shoot.run('forceDelete'));
    expect(error.message).toMatch(/waits until Deployment machine-controller-manager is gone/);
    expect(isAllocated(id)).toBe(true);
    const clock = { ...systemClock, now: () => systemClock.now() + 6 * 60_000 };
    await shoot.run('forceDelete', { clock });
    expect(isAllocated(id)).toBe(false);
  });

  test('nothing is there, nothing is said', async () => {
    const shoot = await stage.shoot();
    await shoot.run('forceDelete');
    expect(shoot.events).toEqual([]);
  });
});

describe.each(['before', 'after'] as const)('killed %s any write, the next run ends the work', (when) => {
  async function untilSurvived(
    prepare: () => Promise<FirewallShoot>,
    method: 'migrate' | 'beforeRestore' | 'forceDelete',
    check: (shoot: FirewallShoot) => Promise<void>,
  ) {
    for (let n = 1, survived = false; !survived; n += 1) {
      const shoot = await prepare();
      const outcome = await shoot.run(method, { kube: killedAtWrite(n, when) }).catch((error: Error) => error.message);
      if (outcome === undefined) survived = true;
      else expect(outcome).toBe('killed');
      await shoot.run(method);
      await check(shoot);
      expect(n).toBeLessThan(30);
    }
  }

  test('of a migration', () =>
    untilSurvived(
      () => shootWithFirewall('fw-a', 'fw-b'),
      'migrate',
      async (shoot) => {
        expect(await held(shoot)).toEqual([]);
        expect(await inState(shoot)).toEqual(['fw-a', 'fw-b']);
      },
    ));

  test('of a restoration', async () => {
    const source = await shootWithFirewall('fw-a', 'fw-b');
    await source.run('migrate');
    const state = await source.state();
    const prepare = async () => {
      const shoot = await stage.shoot();
      await shoot.setInfrastructure({ state });
      await shoot.registerWebhooks();
      await startManagerDeployment(shoot);
      return shoot;
    };
    await untilSurvived(prepare, 'beforeRestore', async (shoot) => {
      expect((await listed(firewalls, shoot)).map(({ metadata }) => metadata.name)).toEqual(['fw-a', 'fw-b']);
      expect(await shoot.firewallDeployment()).toBeDefined();
    });
  });

  test('of a force deletion', () =>
    untilSurvived(
      () => shootWithFirewall('fw-a'),
      'forceDelete',
      async (shoot) => {
        expect(await held(shoot)).toEqual([]);
      },
    ));
});

async function remove(resource: Resource, { namespace }: FirewallShoot, name: string): Promise<void> {
  await stage.kube.mergePatch(resource, { namespace, name }, { metadata: { finalizers: [] } });
  await stage.kube.delete(resource, { namespace, name }, { propagationPolicy: 'Orphan' });
  await vi.waitFor(
    async () => {
      const left = await stage.kube.find(resource, { namespace, name });
      // The garbage collector's part, where there is none.
      if (left) await stage.kube.mergePatch(resource, { namespace, name }, { metadata: { finalizers: [] } });
      expect(await stage.kube.find(resource, { namespace, name })).toBeUndefined();
    },
    { timeout: 10_000, interval: 50 },
  );
}

async function expectRefused({ namespace }: FirewallShoot): Promise<void> {
  const labels = { probe: 'true' };
  const key = { namespace, name: 'fw-a' };
  const attempt = stage.kube.mergePatch(firewalls, key, { metadata: { labels } }, { dryRun: true });
  await expect(attempt).rejects.toThrow(/failed calling webhook/);
}

const startManagerDeployment = (shoot: FirewallShoot) =>
  shoot.createDeployment('firewall-controller-manager', { replicas: 1, readyReplicas: 1, observedGeneration: 1 });

/** A client that is killed after its n-th write has taken effect, or before it. */
function killedAtWrite(n: number, when: 'before' | 'after'): KubeClient {
  let writes = 0;
  const write = async <T>(effect: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes > n || (writes === n && when === 'before')) throw new Error('killed');
    const result = await effect();
    if (writes === n) throw new Error('killed');
    return result;
  };
  const { kube } = stage;
  return {
    ...kube,
    create: (...call) => write(() => kube.create(...call)),
    mergePatch: (...call) => write(() => kube.mergePatch(...call)),
    jsonPatch: (...call) => write(() => kube.jsonPatch(...call)),
    delete: (...call) => write(() => kube.delete(...call)),
  };
}

/**
 * Does to every object, as fast as it can, what firewall-controller-manager does: puts its finalizer back, and on deletion
 * takes the dependents along, frees the machine, and takes the finalizer away.
 */
function startManager(shoot: FirewallShoot) {
  const freed: string[] = [];
  let stopped = false;
  const write = (resource: Resource, { metadata }: KubeObject, finalizers: string[]) =>
    stage.kube.mergePatch(resource, metadata, { metadata: { resourceVersion: metadata.resourceVersion, finalizers } });
  const finish = async (resource: Resource, object: KubeObject, dependents: Resource | undefined) => {
    const items = dependents ? await listed(dependents, shoot) : [];
    for (const { metadata } of items) {
      if (dependents && !metadata.deletionTimestamp) await stage.kube.delete(dependents, metadata);
    }
    if (items.length > 0) return;
    if (resource === firewalls) freed.push(object.metadata.name);
    await write(resource, object, object.metadata.finalizers?.filter((name) => name !== FINALIZER) ?? []);
  };
  const act = async (resource: Resource, object: KubeObject, dependents: Resource | undefined) => {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    const isOurs = finalizers.includes(FINALIZER);
    if (deletionTimestamp && isOurs) await finish(resource, object, dependents);
    if (!deletionTimestamp && !isOurs) await write(resource, object, [...finalizers, FINALIZER]);
  };
  const kinds = [firewallDeployments, firewallSets, firewalls];
  const round = async () => {
    for (const [index, resource] of kinds.entries()) {
      for (const object of await listed(resource, shoot)) {
        await act(resource, object, kinds[index + 1]).catch((error: unknown) => {
          if (!isConflict(error) && !isNotFound(error)) throw error;
        });
      }
    }
  };
  const work = async () => {
    while (!stopped) await round();
    return freed;
  };
  const done = work();
  return {
    freed: done,
    stop: () => {
      stopped = true;
    },
  };
}
