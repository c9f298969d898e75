import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { managedResources } from '../../src/apis/resources/managed-resource.ts';
import { createFakeClock } from '../../src/kube/fake-clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { secrets } from '../../src/kube/secret.ts';
import { eventually } from '../scene/eventually.ts';
import { deployments, workload } from '../scene/seed-objects.ts';
import {
  actAsResourceManager,
  type ControlPlaneShoot,
  createControlPlaneShoot,
  tapped,
  underLifecycle,
  webhookConfiguration,
} from './control-plane-stage.ts';
import { inParallel } from './kube-kit.ts';

let client: ClosableKubeClient;
beforeAll(() => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
afterAll(() => client.close());

type Scene = ControlPlaneShoot & { readonly manager: ReturnType<typeof actAsResourceManager> };

/** A Shoot whose ManagedResources somebody looks after. */
async function withShoot(test: (scene: Scene) => Promise<void>): Promise<void> {
  const shoot = await createControlPlaneShoot(client);
  const manager = actAsResourceManager(client, shoot.namespace);
  try {
    await test({ ...shoot, manager });
  } finally {
    await manager.stop();
  }
}

const managed = 'managed-by=secrets-manager,manager-identity=provider-test-controlplane';
const writing = /^(create|replace|apply|mergePatch|jsonPatch|delete) /;

/** All that a ControlPlane consists of is there, and another run has nothing to write. */
async function expectComplete({ resources, secrets: secretsOf, objectsOf, run }: Scene): Promise<void> {
  expect([...(await resources()).keys()].sort()).toEqual(['seed', 'shoot', 'shoot-webhooks', 'storageclasses']);
  expect(await objectsOf('shoot-webhooks')).toEqual([webhookConfiguration('one')]);
  expect(await objectsOf('seed')).toMatchObject([{ kind: 'ConfigMap', metadata: { name: 'component' } }]);
  expect(await objectsOf('shoot')).toMatchObject([{ metadata: { namespace: 'kube-system' } }]);
  expect(await objectsOf('storageclasses')).toEqual([]);
  const names = (await secretsOf(managed)).map(({ metadata }) => metadata.labels?.name);
  expect(names.sort()).toEqual(['ca-test', 'ca-test-bundle', 'component']);
  expect(await secretsOf('resources.gardener.cloud/purpose=token-requestor')).toHaveLength(2);
  const calls: string[] = [];
  await run('reconcile', { client: tapped(client, calls) });
  expect(calls.filter((call) => writing.test(call))).toEqual([]);
}

/** Applied and healthy, so that nobody looks at the Secrets again. */
const settled = (scene: Scene) =>
  eventually(async () => {
    for (const { metadata, status } of (await scene.resources()).values())
      expect(status?.observedGeneration).toBe(metadata.generation);
  });

describe('reconcile', () => {
  it('makes Secrets and ManagedResources as Gardener knows them', () =>
    withShoot(async (scene) => {
      expect(await scene.run('reconcile')).toEqual({});
      const found = await scene.resources();
      const noCleanup = { 'shoot.gardener.cloud/no-cleanup': 'true' };
      const secretRefs = [{ name: expect.stringMatching(/^extension-controlplane-[a-z-]+-[0-9a-f]{8}$/) }];
      const spec = { secretRefs, keepObjects: false };
      expect(Object.fromEntries([...found].map(([name, resource]) => [name, resource.spec]))).toEqual({
        seed: { ...spec, class: 'seed' },
        shoot: { ...spec, injectLabels: noCleanup },
        'shoot-webhooks': { ...spec, injectLabels: noCleanup },
        storageclasses: { ...spec, injectLabels: noCleanup, forceOverwriteAnnotations: true },
      });
      for (const { metadata, spec } of found.values()) {
        expect(Object.values(metadata.annotations ?? {})).toEqual([spec?.secretRefs?.[0]?.name]);
      }
      expect(await scene.objectsOf('seed')).toMatchObject([
        {
          data: {
            scaledDown: 'false',
            kubeconfig: 'generic-token-kubeconfig-1',
            'ca-test': expect.stringMatching(/^[0-9a-f]{64}$/),
            component: expect.stringMatching(/^[0-9a-f]{64}$/),
            // printf '{"metalAPIHMac":"c2VjcmV0"}' | sha256sum
            cloudprovider: 'a241366715bd1092ff6a04e9d4316f4372b08c36d6e7a907ba09ccd12715876a',
          },
        },
      ]);
      await expectComplete(scene);
    }));

  it('asks little and writes nothing when nothing changed', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      await settled(scene);
      const calls: string[] = [];
      await scene.run('reconcile', { client: tapped(client, calls) });
      expect(calls.sort()).toEqual(['find secrets', 'list managedresources', 'list secrets', 'list secrets']);
    }));

  it('brings what belongs to the shoot only when its webhooks work there', () =>
    withShoot(async (scene) => {
      scene.manager.serves.shoot = false;
      const running = scene.run('reconcile');
      await eventually(async () => expect([...(await scene.resources()).keys()]).toEqual(['seed', 'shoot-webhooks']));
      scene.manager.serves.shoot = true;
      const key = { namespace: scene.namespace, name: 'extension-controlplane-shoot-webhooks' };
      await client.mergePatch(managedResources, key, { metadata: { labels: { wake: 'up' } } });
      await running;
      expect((await scene.resources()).size).toBe(4);
    }));

  it('says which condition it waits for when that takes too long', () =>
    withShoot(async (scene) => {
      scene.manager.serves.shoot = false;
      const clock = createFakeClock();
      const calls: string[] = [];
      const running = expect(scene.run('reconcile', { clock, client: tapped(client, calls) })).rejects.toThrow(
        'shoot-webhooks is not healthy yet: gardener-resource-manager has not seen its newest state',
      );
      await eventually(() => expect(calls).toContain('watch managedresources'));
      clock.advance(120_000);
      await running;
    }));

  it('says that it waits for the webhooks to be published', () =>
    withShoot(async (scene) => {
      scene.webhooks.configuration = new Promise(() => undefined);
      const clock = createFakeClock();
      const running = expect(scene.run('reconcile', { clock })).rejects.toThrow('Publishing the webhooks of shoots');
      await eventually(() => expect(clock.pending).toBe(1));
      clock.advance(30_000);
      await running;
    }));

  it('leaves the webhooks of shoots alone where it serves none', () =>
    withShoot(async (scene) => {
      scene.webhooks.configuration = undefined;
      await scene.run('reconcile');
      expect([...(await scene.resources()).keys()]).toEqual(['seed', 'shoot', 'storageclasses']);
    }));

  it('empties a ManagedResource that has no objects any more', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      const { desired } = scene.driver;
      Object.assign(scene.driver, {
        desired: async (context: Parameters<typeof desired>[0]) => ({ ...(await desired(context)), shoot: [] }),
      });
      await scene.run('reconcile');
      expect(await scene.objectsOf('shoot')).toEqual([]);
      expect((await scene.resources()).get('shoot')?.metadata.generation).toBe(2);
    }));

  it('mends access to the shoot without touching a token', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      const key = { namespace: scene.namespace, name: 'shoot-access-agent' };
      const name = 'serviceaccount.resources.gardener.cloud/name';
      const purpose = 'resources.gardener.cloud/purpose';
      const made = await client.mergePatch(secrets, key, { data: { token: btoa('token') } });
      expect(made.metadata.labels).toMatchObject({ [purpose]: 'token-requestor' });
      for (const metadata of [{ annotations: { [name]: 'other' } }, { labels: { [purpose]: null } }]) {
        await client.mergePatch(secrets, key, { metadata });
        await scene.run('reconcile');
        const { metadata: now, data } = await client.get(secrets, key);
        expect([now.labels, now.annotations]).toEqual([made.metadata.labels, made.metadata.annotations]);
        expect(data).toEqual({ token: btoa('token') });
      }
    }));

  it('makes the Secret of a ManagedResource again when that cannot be applied', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      await settled(scene);
      const resource = (await scene.resources()).get('seed');
      const name = resource?.spec?.secretRefs?.[0]?.name ?? '';
      await client.delete(secrets, { namespace: scene.namespace, name });
      const conditions = (resource?.status?.conditions ?? []).map((condition) => ({ ...condition, status: 'False' }));
      const key = { namespace: scene.namespace, name: 'extension-controlplane-seed' };
      await client.mergePatch(managedResources, key, { status: { conditions } }, { subresource: 'status' });
      await scene.run('reconcile');
      expect(await scene.objectsOf('seed')).toHaveLength(1);
    }));

  it('takes over what another has written into a ManagedResource', () =>
    withShoot(async (scene) => {
      const key = { namespace: scene.namespace, name: 'extension-controlplane-shoot' };
      await client.create(managedResources, {
        metadata: {
          ...key,
          annotations: { 'reference.resources.gardener.cloud/secret-00000000': 'former', own: 'x' },
          labels: { own: 'x' },
        },
        spec: { secretRefs: [{ name: 'former' }], keepObjects: true, injectLabels: { former: 'x' } },
      });
      await scene.run('reconcile');
      const { metadata, spec } = await client.get(managedResources, key);
      expect(metadata.labels).toEqual({ own: 'x' });
      expect(Object.values(metadata.annotations ?? {})).toEqual(['x', spec?.secretRefs?.[0]?.name]);
      expect(spec).toMatchObject({ keepObjects: false, injectLabels: { 'shoot.gardener.cloud/no-cleanup': 'true' } });
      expect(Object.keys(spec?.injectLabels ?? {})).toHaveLength(1);
    }));

  it('makes a ManagedResource anew when the former one is gone', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      scene.manager.serves.seed = false;
      await eventually(async () => expect((await scene.resources()).get('seed')?.metadata.finalizers).toHaveLength(1));
      const key = { namespace: scene.namespace, name: 'extension-controlplane-seed' };
      await client.delete(managedResources, key);
      await expect(scene.run('reconcile')).rejects.toThrow('is being deleted; it is made anew when it is gone');
      await client.mergePatch(managedResources, key, { metadata: { finalizers: null } });
      await scene.run('reconcile');
      await expectComplete(scene);
    }));
});

describe('rotation of the authorities', () => {
  const trusted = async (scene: Scene) => {
    const [object] = await scene.objectsOf<{ data?: { trusted?: string } }>('shoot');
    return object?.data?.trusted?.match(/BEGIN CERTIFICATE/g)?.length;
  };

  it('trusts old and new while it is under way, and only the new one at its end', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      expect(await trusted(scene)).toBe(1);
      const [before] = await scene.secrets(`${managed},name=ca-test`);
      const rotate = (phase: string) => {
        const certificateAuthorities = { phase, lastInitiationTime: '2026-01-02T03:04:05Z' };
        scene.shoot.status = { credentials: { rotation: { certificateAuthorities } } };
        return scene.run('reconcile');
      };
      await rotate('Preparing');
      expect(await trusted(scene)).toBe(2);
      expect(await scene.secrets(`${managed},name=ca-test`)).toHaveLength(2);
      await rotate('Completing');
      expect(await trusted(scene)).toBe(1);
      const after = await scene.secrets(`${managed},name=ca-test`);
      expect(after.map(({ metadata }) => metadata.name)).not.toContain(before?.metadata.name);
      expect(after).toHaveLength(1);
    }));
});

const isScaledDown = async (scene: Scene) => {
  const [object] = await scene.objectsOf<{ data?: { scaledDown?: string } }>('seed');
  return object?.data?.scaledDown;
};

describe('hibernation', () => {
  it('keeps the components until the API server is down, and waits for nobody in the shoot', () =>
    withShoot(async (scene) => {
      scene.manager.serves.shoot = false;
      scene.shoot.spec = { hibernation: { enabled: true } };
      const key = { namespace: scene.namespace, name: 'kube-apiserver' };
      await client.create(deployments, workload(key, [{ name: 'kube-apiserver' }]));
      expect(await scene.run('reconcile')).toEqual({ requeueAfterMs: 2000 });
      expect(await isScaledDown(scene)).toBe('false');
      await client.mergePatch(deployments, key, { spec: { replicas: 0 } });
      expect(await scene.run('reconcile')).toEqual({});
      expect(await isScaledDown(scene)).toBe('true');
    }));
});

const names = {
  seed: 'extension-controlplane-seed',
  shoot: 'extension-controlplane-shoot',
  storageClasses: 'extension-controlplane-storageclasses',
  webhooks: 'extension-controlplane-shoot-webhooks',
};

async function expectDeleted(scene: Scene): Promise<void> {
  await eventually(async () => expect((await scene.resources()).size).toBe(0));
  expect(await scene.secrets(managed)).toEqual([]);
  expect(await scene.secrets('resources.gardener.cloud/purpose=token-requestor')).toEqual([]);
}

describe('delete', () => {
  it('takes away the objects of the shoot first, then its components, the webhooks last', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      await settled(scene);
      await scene.run('delete');
      await expectDeleted(scene);
      const { removed } = scene.manager;
      expect(removed.slice(0, 2).sort()).toEqual([`${names.shoot} deleted`, `${names.storageClasses} deleted`]);
      expect(removed.slice(2).sort()).toEqual([`${names.seed} deleted`, `${names.webhooks} deleted`]);
      expect(scene.driverCalls).toEqual(['afterDeletion']);
    }));

  it('has nothing to do for what was never made', () =>
    withShoot(async (scene) => {
      await scene.run('delete');
      await expectDeleted(scene);
    }));

  it('leaves the components until the shoot is empty, and says what keeps it', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      await settled(scene);
      scene.manager.serves.shoot = false;
      const status = {
        conditions: [condition('ResourcesApplied', 'False', 'DeletionPending', 'Pod x is still there')],
      };
      for (const name of [names.shoot, names.storageClasses]) {
        const key = { namespace: scene.namespace, name };
        await client.mergePatch(managedResources, key, { status }, { subresource: 'status' });
      }
      const clock = createFakeClock();
      const calls: string[] = [];
      const error = scene.run('delete', { clock, client: tapped(client, calls) }).catch((error: unknown) => error);
      await eventually(() => expect(calls.filter((call) => call === 'watch managedresources')).toHaveLength(2));
      clock.advance(120_000);
      expect(await error).toMatchObject({
        message: expect.stringContaining('is not deleted yet: ResourcesApplied is False (DeletionPending): Pod x'),
        codes: ['ERR_CLEANUP_CLUSTER_RESOURCES'],
      });
      expect((await scene.resources()).get('seed')?.metadata.deletionTimestamp).toBeUndefined();
      expect(await scene.secrets(managed)).not.toEqual([]);
    }));

  it('waits for nobody when it is forced', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      await settled(scene);
      Object.assign(scene.manager.serves, { seed: false, shoot: false });
      await scene.run('forceDelete');
      for (const { metadata } of (await scene.resources()).values()) expect(metadata.deletionTimestamp).toBeDefined();
      expect(await scene.secrets(managed)).toEqual([]);
      expect(scene.driverCalls).toEqual(['afterDeletion']);
    }));
});

async function expectMigrated(scene: Scene): Promise<void> {
  await eventually(async () => expect((await scene.resources()).size).toBe(0));
  expect(scene.manager.removed).toContain(`${names.shoot} kept`);
  expect(scene.manager.removed).toContain(`${names.storageClasses} kept`);
  expect(scene.manager.removed).toContain(`${names.seed} deleted`);
  expect(await scene.secrets(`${managed},persist=true`)).not.toEqual([]);
  expect(await scene.secrets('resources.gardener.cloud/purpose=token-requestor')).toEqual([]);
}

describe('control-plane migration', () => {
  it('takes down what acts and keeps the shoot and the authorities, with which it comes back', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      await settled(scene);
      const before = await scene.secrets(managed);
      await scene.run('migrate');
      await expectMigrated(scene);
      expect(scene.driverCalls).toEqual(['beforeMigration']);
      await scene.run('restore');
      await expectComplete(scene);
      expect((await scene.secrets(managed)).map(({ data }) => data)).toEqual(before.map(({ data }) => data));
    }));

  it('does not take anything down when the driver could not save what must outlive it', () =>
    withShoot(async (scene) => {
      await scene.run('reconcile');
      Object.assign(scene.driver, { beforeMigration: () => Promise.reject(new Error('not saved')) });
      await expect(scene.run('migrate')).rejects.toThrow('not saved');
      expect(scene.manager.removed).toEqual([]);
      // What is only marked is removed some time later.
      const left = [...(await scene.resources()).values()];
      expect(left.map(({ metadata, spec }) => [metadata.deletionTimestamp, spec?.keepObjects])).toEqual(
        Array(4).fill([undefined, false]),
      );
    }));
});

/** Stops the run at its n-th call. `lost`: the call has taken effect and nobody has heard of it. */
async function killed(scene: Scene, method: Method, at: number, lost: boolean): Promise<void> {
  const stop = new AbortController();
  const cut = tapped(client, [], async (call, number) => {
    stop.signal.throwIfAborted();
    if (number < at) return call();
    if (number === at && lost) await call().catch(() => undefined);
    stop.abort(new Error('killed'));
    throw stop.signal.reason;
  });
  await scene.run(method, { client: cut, signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
}

type Method = 'reconcile' | 'delete' | 'migrate';

const expectations = { reconcile: expectComplete, delete: expectDeleted, migrate: expectMigrated };

async function prepare(scene: Scene, method: Method): Promise<void> {
  if (method === 'reconcile') return;
  await scene.run('reconcile');
  await settled(scene);
}

describe('killed at any of its calls, before or after it takes effect, and run again', () => {
  it.each<Method>(['reconcile', 'delete', 'migrate'])('%s comes to the same end', async (method) => {
    const calls: string[] = [];
    await withShoot(async (scene) => {
      await prepare(scene, method);
      await scene.run(method, { client: tapped(client, calls) });
    });
    expect(calls.length).toBeGreaterThan(8);
    const cases = calls.flatMap((_, index) => [true, false].map((lost) => ({ at: index + 1, lost })));
    await inParallel(cases, ({ at, lost }) =>
      withShoot(async (scene) => {
        await prepare(scene, method);
        await killed(scene, method, at, lost);
        await scene.run(method);
        if (method === 'reconcile') await settled(scene);
        await expectations[method](scene);
      }),
    );
  });
});

describe('with the lifecycle around it', () => {
  it('an unchanged reconcile costs two writes: the request is taken, the success is said', () =>
    withShoot(async (scene) => {
      const calls: string[] = [];
      const lifecycle = await underLifecycle(scene, client, calls);
      try {
        await lifecycle.ask('reconcile');
        await settled(scene);
        calls.length = 0;
        await lifecycle.ask('reconcile');
        expect(calls.filter((call) => writing.test(call)).sort()).toEqual([
          'jsonPatch controlplanes',
          'mergePatch controlplanes',
        ]);
      } finally {
        await lifecycle.stop();
      }
    }));

  it.each([
    ['by itself', false],
    ['although the controller ends meanwhile', true],
  ])('goes on %s until the API server of a hibernated shoot is down', (_, isInterrupted) =>
    withShoot(async (scene) => {
      scene.shoot.spec = { hibernation: { enabled: true } };
      const key = { namespace: scene.namespace, name: 'kube-apiserver' };
      await client.create(deployments, workload(key, [{ name: 'kube-apiserver' }]));
      const lifecycle = await underLifecycle(scene, client, []);
      try {
        await lifecycle.ask('reconcile');
        expect(await isScaledDown(scene)).toBe('false');
        if (isInterrupted) await lifecycle.stop();
        await client.mergePatch(deployments, key, { spec: { replicas: 0 } });
        if (isInterrupted) lifecycle.startAgain();
        await eventually(async () => expect(await isScaledDown(scene)).toBe('true'));
      } finally {
        await lifecycle.stop();
      }
    }),
  );
});

const condition = (type: string, status: string, reason: string, message: string) => {
  const time = '2026-01-01T00:00:00Z';
  return { type, status, reason, message, lastTransitionTime: time, lastUpdateTime: time };
};
