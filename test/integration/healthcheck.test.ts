import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ControlPlane as Plane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { silentProgress } from '../../landscape/progress.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { clusters, controlPlanes, workers } from '../../src/apis/extensions/resources.ts';
import { firewallDeployments } from '../../src/apis/firewall/firewall.ts';
import { machineDeployments, machines } from '../../src/apis/machine/machine.ts';
import { managedResources } from '../../src/apis/resources/managed-resource.ts';
import type { Condition } from '../../src/controllers/healthcheck/conditions.ts';
import { createHealthCheckController } from '../../src/controllers/healthcheck/controller.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { configMaps } from '../../src/kube/config-map.ts';
import { isConflict } from '../../src/kube/errors.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { metalHealth } from '../../src/providers/metal/health/health.ts';
import { countRequests, writesBetween } from '../scene/api-requests.ts';
import { eventually } from '../scene/eventually.ts';
import { createNamespace, silent } from './kube-kit.ts';
import { proxyKubeconfig, type TcpProxy } from './tcp-proxy.ts';

const deployments = defineResource<KubeObject & { spec?: object; status?: object }>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
});
const nodes = defineResource<KubeObject & { status?: object }>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
});
const namespaces = defineResource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});

const hourMs = 3600_000;
const eventsOnly = 600_000;
const quick = 1000;
/** Longest call of a shoot. */
const callMs = 10_000;

let plane: Plane;
let client: ClosableKubeClient;
let proxy: TcpProxy;
/** Leads through the proxy: here the shoot's API server is the seed's. */
let shootKubeconfig: string;

beforeAll(async () => {
  const dir = join(inject('landscapeDir'), 'healthcheck');
  plane = await startControlPlane({ dir, parts: inject('parts'), progress: silentProgress });
  client = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
  const proxied = await proxyKubeconfig(plane.garden.kubeconfig);
  proxy = proxied.proxy;
  shootKubeconfig = proxied.content;
  await client.create(namespaces, { metadata: { name: 'metallb-system' } });
  await client.create(configMaps, {
    metadata: { namespace: 'metallb-system', name: 'health' },
    data: { configLoaded: 'true', configStale: 'false' },
  });
  await withStatus(nodes, { metadata: { name: 'node-1' } }, { conditions: [{ type: 'Ready', status: 'True' }] });
});
afterAll(async () => {
  await client.close();
  await proxy.close();
  await plane.stop();
});

async function withStatus(resource: Resource, object: object, status: object): Promise<void> {
  const created = await client.create(resource, object as KubeObject);
  await setStatus(resource, created.metadata, status);
}

async function setStatus(resource: Resource, key: { namespace?: string; name: string }, status: object) {
  const { namespace, name } = key;
  await client.mergePatch(resource, { namespace, name }, { status }, { subresource: 'status' });
}

const available = (status = 'True') => ({
  observedGeneration: 1,
  conditions: [{ type: 'Available', status, reason: 'Because', message: 'why' }],
});
const applied = (progressing = 'False') => ({
  observedGeneration: 1,
  conditions: Object.entries({
    ResourcesApplied: 'True',
    ResourcesHealthy: 'True',
    ResourcesProgressing: progressing,
  }).map(([type, status]) => ({
    ...{ type, status, reason: 'Because', message: 'why' },
    ...{ lastTransitionTime: '2026-01-01T00:00:00Z', lastUpdateTime: '2026-01-01T00:00:00Z' },
  })),
});
const firewallsReady = (ready = 1) => ({
  ...{ targetReplicas: 1, readyReplicas: ready, progressingReplicas: 1 - ready, unhealthyReplicas: 0 },
  ...{ observedRevision: 0, conditions: [] },
});

const old = (type: string, status: Condition['status'] = 'True'): Condition => ({
  type,
  status,
  reason: 'Old',
  message: 'from before',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  lastUpdateTime: '2026-01-01T00:00:00Z',
});

let shoots = 0;

const operation = (type: string, state: string) => ({
  lastOperation: { type, state, progress: 100, description: '', lastUpdateTime: '2026-01-01T00:00:00Z' },
});

/** A ready cluster of metal with one node, whose ControlPlane and Worker are of a provider type of their own. */
async function createShoot(
  type: string,
  { kubeconfig = shootKubeconfig, status = operation('Reconcile', 'Succeeded') } = {},
) {
  const namespace = await createNamespace(client, 'shoot--test');
  const own = (name: string) => ({ metadata: { namespace, name } });
  const shoot = {
    metadata: { name: `s${++shoots}`, namespace: 'garden-test' },
    spec: { region: 'fra', networking: { type: 'calico' }, hibernation: { enabled: false } },
  };
  await client.create(clusters, {
    metadata: { name: namespace },
    spec: { shoot, seed: {}, cloudProfile: { metadata: { name: 'p' }, spec: {} } },
  });
  await client.create(secrets, { ...own('gardener-internal'), data: { kubeconfig: btoa(kubeconfig) } });
  for (const name of ['cloud-controller-manager', 'firewall-controller-manager', 'machine-controller-manager']) {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [{ name, image: name }] } };
    const spec = { selector: { matchLabels: labels }, template };
    await withStatus(deployments, { ...own(name), spec }, available());
  }
  for (const name of ['seed', 'shoot', 'storageclasses']) {
    await withStatus(
      managedResources,
      { ...own(`extension-controlplane-${name}`), spec: { secretRefs: [] } },
      applied(),
    );
  }
  const firewall = { size: 's', image: 'i', partition: 'p', project: 'p', networks: ['n'] };
  await withStatus(
    firewallDeployments,
    {
      ...own('shoot-firewall'),
      spec: { replicas: 1, selector: {}, autoUpdate: { machineImage: false }, template: { spec: firewall } },
    },
    firewallsReady(),
  );
  const templateSpec = { class: { kind: 'MachineClass', name: 'c' } };
  await withStatus(
    machineDeployments,
    { ...own('pool'), spec: { replicas: 1, selector: {}, template: { spec: templateSpec } } },
    available(),
  );
  await withStatus(
    machines,
    { metadata: { ...own('machine-1').metadata, labels: { node: 'node-1' } }, spec: templateSpec },
    { currentStatus: { phase: 'Running' } },
  );
  const spec = { type, region: 'fra', secretRef: { name: 'cloudprovider', namespace } };
  await withStatus(controlPlanes, { ...own('cp'), spec }, { ...status, conditions: [old('Foreign')] });
  await withStatus(
    workers,
    { ...own('worker'), spec: { ...spec, pools: [] } },
    { ...status, conditions: [old('SystemComponentsHealthy'), old('Foreign')] },
  );

  const read = async (resource: Resource, name: string) => {
    const object = (await client.get(resource, { namespace, name })) as ExtensionObject & {
      status?: { conditions?: Condition[] };
    };
    return object.status?.conditions ?? [];
  };
  const summary = (conditions: readonly Condition[]) =>
    Object.fromEntries(conditions.map(({ type, status, message }) => [type, `${status}: ${message}`]));
  return {
    namespace,
    conditions: async () => [...(await read(controlPlanes, 'cp')), ...(await read(workers, 'worker'))],
    controlPlane: async () => summary(await read(controlPlanes, 'cp')),
    worker: async () => summary(await read(workers, 'worker')),
    deployment: (name: string, status: object) => setStatus(deployments, { namespace, name }, status),
    managedResource: (name: string, status: object) =>
      setStatus(managedResources, { namespace, name: `extension-controlplane-${name}` }, status),
    firewall: (status: object) => setStatus(firewallDeployments, { namespace, name: 'shoot-firewall' }, status),
    async replicas(replicas: number) {
      const { metadata } = await client.mergePatch(machineDeployments, own('pool').metadata, { spec: { replicas } });
      await setStatus(machineDeployments, metadata, { observedGeneration: metadata.generation });
    },
    kubeconfig: (content: string) =>
      client.mergePatch(secrets, { namespace, name: 'gardener-internal' }, { data: { kubeconfig: btoa(content) } }),
    async hibernate(enabled: boolean) {
      await client.mergePatch(
        clusters,
        { name: namespace },
        { spec: { shoot: { spec: { hibernation: { enabled } } } } },
      );
      const annotations = {
        'gardener.cloud/operation': 'reconcile',
        'gardener.cloud/timestamp': new Date().toISOString(),
      };
      await client.mergePatch(controlPlanes, { namespace, name: 'cp' }, { metadata: { annotations } });
      await client.mergePatch(workers, { namespace, name: 'worker' }, { metadata: { annotations } });
    },
    patchControlPlane: (patch: object, options = {}) =>
      client.mergePatch(controlPlanes, { namespace, name: 'cp' }, patch, options),
  };
}

type Shoot = Awaited<ReturnType<typeof createShoot>>;

interface Scene extends Shoot {
  readonly type: string;
  /** The clock of the controller: an hour ahead of the objects, so that they are not new. */
  readonly time: { ahead: number };
}

let scenes = 0;

/** A shoot, and a controller that looks after its type only. */
async function withHealthChecks(
  syncPeriodMs: number,
  test: (scene: Scene) => Promise<void>,
  { kubeconfig = shootKubeconfig, ahead = hourMs } = {},
): Promise<void> {
  const type = `health-${++scenes}`;
  const time = { ahead };
  const shoot = await createShoot(type, { kubeconfig });
  const controller = createHealthCheckController({
    type,
    classes: ['shoot'],
    health: metalHealth({}),
    workers: 1,
    syncPeriodMs,
    shoot: { timeoutMs: callMs },
    client,
    clock: { ...systemClock, now: () => Date.now() + time.ahead },
    log: silent,
  });
  const stop = new AbortController();
  const running = [...controller.informers.map((informer) => informer.run(stop.signal)), controller.lead(stop.signal)];
  try {
    await test({ ...shoot, type, time });
  } finally {
    stop.abort(new Error('the test is over'));
    await Promise.all(running);
  }
}

const fine = 'True: All health checks successful';
const foreign = { Foreign: 'True: from before' };

async function expectHealthy({ controlPlane, worker }: Shoot): Promise<void> {
  await eventually(async () => {
    expect(await controlPlane()).toEqual({ ...foreign, ControlPlaneHealthy: fine, SystemComponentsHealthy: fine });
    expect(await worker()).toEqual({ ...foreign, ControlPlaneHealthy: fine, EveryNodeReady: fine });
  });
}

const writesOver = async (ms: number): Promise<readonly (readonly [string, number])[]> => {
  const counter = countRequests(plane.garden.kubeconfig);
  try {
    const before = await counter.read();
    await delay(ms);
    return [...writesBetween(before, await counter.read())];
  } finally {
    await counter.close();
  }
};

it('says what is healthy, beside what others say, and takes away what the Go extension has left', () =>
  withHealthChecks(eventsOnly, expectHealthy));

describe('events, long before the next period', () => {
  it('a Deployment that goes down and comes back', () =>
    withHealthChecks(eventsOnly, async (scene) => {
      await expectHealthy(scene);
      for (const name of ['cloud-controller-manager', 'firewall-controller-manager']) {
        await scene.deployment(name, available('False'));
        const text = `False: Deployment ${name}: Available is False (Because): why`;
        await eventually(async () =>
          expect(await scene.controlPlane()).toEqual({
            ...foreign,
            ControlPlaneHealthy: text,
            SystemComponentsHealthy: fine,
          }),
        );
        await scene.deployment(name, available());
        await expectHealthy(scene);
      }
    }));

  it('ManagedResources, firewalls and machines', () =>
    withHealthChecks(eventsOnly, async (scene) => {
      await expectHealthy(scene);
      await scene.managedResource('shoot', applied('True'));
      await scene.firewall(firewallsReady(0));
      await scene.replicas(2);
      await eventually(async () => {
        expect((await scene.controlPlane()).SystemComponentsHealthy).toBe(
          'Progressing: ManagedResource extension-controlplane-shoot: ResourcesProgressing is True (Because): why; ' +
            'firewall deployment only has 0/1 ready replicas',
        );
        expect((await scene.worker()).EveryNodeReady).toBe(
          'Progressing: machines are coming up: 1 of 2 machines have been created',
        );
      });
      await scene.managedResource('shoot', applied());
      await scene.firewall(firewallsReady());
      await scene.replicas(1);
      await expectHealthy(scene);
    }));
});

it('progress that lasts longer than its threshold is a fault', () =>
  withHealthChecks(quick, async (scene) => {
    await expectHealthy(scene);
    await scene.firewall(firewallsReady(0));
    const text = 'firewall deployment only has 0/1 ready replicas';
    const said = async () => (await scene.controlPlane()).SystemComponentsHealthy;
    await eventually(async () => expect(await said()).toBe(`Progressing: ${text}`));
    scene.time.ahead += 14 * 60_000;
    expect(await writesOver(2 * quick)).toEqual([]);
    scene.time.ahead += 2 * 60_000;
    await eventually(async () => expect(await said()).toBe(`False: ${text}`));
    await scene.firewall(firewallsReady());
    await expectHealthy(scene);
  }));

it('what a new cluster lacks is on its way', () =>
  withHealthChecks(
    quick,
    async (scene) => {
      await expectHealthy(scene);
      await scene.deployment('cloud-controller-manager', available('False'));
      const said = async () => (await scene.controlPlane()).ControlPlaneHealthy;
      await eventually(async () => expect(await said()).toMatch(/^Progressing: .*Available is False/));
      scene.time.ahead = hourMs;
      await eventually(async () => expect(await said()).toMatch(/^False: .*Available is False/));
    },
    { ahead: 0 },
  ));

it.each(['Succeeded', 'Error'])('the first check is after the first run, which ends in %s', (state) =>
  withHealthChecks(quick, async (scene) => {
    const coming = await createShoot(scene.type, { status: operation('Create', 'Processing') });
    await coming.deployment('cloud-controller-manager', available('False'));
    await coming.deployment('cloud-controller-manager', available());
    await scene.deployment('cloud-controller-manager', available('False'));
    await eventually(async () => expect((await scene.controlPlane()).ControlPlaneHealthy).toMatch(/^False/));
    expect(await coming.controlPlane()).toEqual(foreign);
    await coming.patchControlPlane({ status: operation('Create', state) }, { subresource: 'status' });
    await eventually(async () =>
      expect(await coming.controlPlane()).toEqual({
        ...foreign,
        ControlPlaneHealthy: fine,
        SystemComponentsHealthy: fine,
      }),
    );
  }),
);

it('a cluster that sleeps is not checked until it wakes', () =>
  withHealthChecks(quick, async (scene) => {
    await expectHealthy(scene);
    await scene.hibernate(true);
    const asleep = 'True: Shoot is hibernated';
    await eventually(async () => {
      expect(await scene.controlPlane()).toEqual({
        ...foreign,
        ControlPlaneHealthy: asleep,
        SystemComponentsHealthy: asleep,
      });
      expect(await scene.worker()).toEqual({ ...foreign, ControlPlaneHealthy: asleep, EveryNodeReady: asleep });
    });
    await scene.deployment('cloud-controller-manager', available('False'));
    expect(await writesOver(3 * quick)).toEqual([]);
    await scene.hibernate(false);
    await eventually(async () => expect((await scene.controlPlane()).ControlPlaneHealthy).toMatch(/^False/));
  }));

it('nothing is written while nothing changes, healthy or not', { timeout: 60_000 }, () =>
  withHealthChecks(quick, async (scene) => {
    await expectHealthy(scene);
    const before = await scene.conditions();
    expect(await writesOver(6 * quick)).toEqual([]);
    await scene.deployment('cloud-controller-manager', available('False'));
    await scene.deployment('machine-controller-manager', available('False'));
    await scene.firewall({ ...firewallsReady(0), progressingReplicas: 0, unhealthyReplicas: 1 });
    await scene.kubeconfig(shootKubeconfig.replaceAll(`:${proxy.port}`, ':1'));
    await eventually(async () => {
      expect(Object.values(await scene.controlPlane()).join()).toMatch(/False: Deployment.*False: firewall/);
      expect(await scene.worker()).toMatchObject({ ControlPlaneHealthy: expect.stringMatching(/^False/) });
    });
    const changed = await scene.conditions();
    expect(changed).not.toEqual(before);
    expect(await writesOver(6 * quick)).toEqual([]);
    expect(await scene.conditions()).toEqual(changed);
  }),
);

describe('the API server of the shoot', () => {
  it('cannot be reached, and comes back', () =>
    withHealthChecks(quick, async (scene) => {
      await expectHealthy(scene);
      proxy.refuse();
      try {
        await eventually(async () => {
          expect((await scene.worker()).EveryNodeReady).toMatch(/^Unknown: nodes could not be checked: list nodes: /);
          expect((await scene.controlPlane()).SystemComponentsHealthy).toMatch(
            /^Unknown: metallb could not be checked: /,
          );
        });
        expect((await scene.controlPlane()).ControlPlaneHealthy).toBe(fine);
      } finally {
        proxy.accept();
      }
      await expectHealthy(scene);
    }));

  it('is called with new credentials as soon as they are there', () => {
    const leaving = JSON.parse(shootKubeconfig);
    for (const { user } of leaving.users) for (const key of Object.keys(user)) delete user[key];
    const withoutCredentials = JSON.stringify(leaving);
    return withHealthChecks(
      quick,
      async (scene) => {
        await eventually(async () => expect((await scene.worker()).EveryNodeReady).toMatch(/^Unknown: .*\(40[13]\)/));
        await scene.kubeconfig(shootKubeconfig);
        await expectHealthy(scene);
      },
      { kubeconfig: withoutCredentials },
    );
  });

  it('has no usable kubeconfig: nothing of it is told', () =>
    withHealthChecks(
      quick,
      async (scene) => {
        const text = `Secret ${scene.namespace}/gardener-internal has no kubeconfig that can be used; gardenlet writes it`;
        await eventually(async () =>
          expect((await scene.worker()).EveryNodeReady).toBe(`Unknown: nodes could not be checked: ${text}`),
        );
      },
      { kubeconfig: 'token: [very-secret' },
    ));

  it('does not answer: others have their turn, with one worker', async () => {
    const asked = Promise.withResolvers<void>();
    const silence = createServer(() => asked.resolve());
    await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve));
    const { port } = silence.address() as AddressInfo;
    try {
      await withHealthChecks(eventsOnly, async (scene) => {
        await expectHealthy(scene);
        await createShoot(scene.type, { kubeconfig: shootKubeconfig.replaceAll(`:${proxy.port}`, `:${port}`) });
        await asked.promise;
        await scene.deployment('cloud-controller-manager', available('False'));
        await scene.deployment('machine-controller-manager', available('False'));
        const [beforeMs, soonMs] = [performance.now(), callMs / 2];
        await eventually(async () => {
          expect((await scene.controlPlane()).ControlPlaneHealthy).toMatch(/^False/);
          expect((await scene.worker()).ControlPlaneHealthy).toMatch(/^False/);
        });
        expect(performance.now() - beforeMs).toBeLessThan(soonMs);
      });
    } finally {
      silence.close();
    }
  });
});

it('two writers of conditions keep what the other says', () =>
  withHealthChecks(quick, async (scene) => {
    await expectHealthy(scene);
    for (let round = 1; round <= 10; round++) {
      await scene.deployment('cloud-controller-manager', available(round % 2 ? 'False' : 'True'));
      await writeForeign(scene, `round ${round}`);
      await eventually(async () => {
        const said = await scene.controlPlane();
        expect(said.Foreign).toBe(`True: round ${round}`);
        expect(said.ControlPlaneHealthy).toMatch(round % 2 ? /^False/ : /^True/);
      });
    }
    await expect(scene.controlPlane()).resolves.toMatchObject({ SystemComponentsHealthy: fine });
  }));

/** As a writer does who reads, changes and locks, several times in a row. */
async function writeForeign({ namespace, patchControlPlane }: Scene, message: string): Promise<void> {
  for (const text of ['a', 'b', 'c', message]) {
    await eventually(async () => {
      const { metadata, status } = (await client.get(controlPlanes, { namespace, name: 'cp' })) as ExtensionObject & {
        status?: { conditions?: Condition[] };
      };
      const conditions = (status?.conditions ?? []).map((one) =>
        one.type === 'Foreign' ? { ...one, message: text } : one,
      );
      const { resourceVersion } = metadata;
      await patchControlPlane(
        { metadata: { resourceVersion }, status: { conditions } },
        { subresource: 'status' },
      ).catch((error: unknown) => {
        if (isConflict(error)) throw new Error('conflict');
        throw error;
      });
    });
  }
}

it('leaves alone what goes or has gone', () =>
  withHealthChecks(quick, async (scene) => {
    await expectHealthy(scene);
    await scene.patchControlPlane({ metadata: { annotations: { 'gardener.cloud/operation': 'migrate' } } });
    await scene.deployment('cloud-controller-manager', available('False'));
    expect(await writesOver(3 * quick)).toEqual([]);
    expect((await scene.controlPlane()).ControlPlaneHealthy).toBe(fine);
  }));
