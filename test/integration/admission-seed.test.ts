import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { controlPlaneNamespace } from '../../landscape/gardenlet/namespace.ts';
import { clusters, namespaces } from '../../landscape/gardenlet/resources.ts';
import type { ShootObject } from '../../landscape/gardenlet/shoot.ts';
import { freePort } from '../../landscape/processes/ports.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { managedResources } from '../../src/apis/resources/managed-resource.ts';
import { leases } from '../../src/kube/lease.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets as storedSecrets } from '../../src/kube/secret.ts';
import { shootWebhooksName } from '../../src/managed-resources/shoot-webhooks.ts';
import { clusterObject } from '../../src/plan/gardenlet/cluster.ts';
import { infrastructureObject } from '../../src/plan/gardenlet/infrastructure.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { metalShoot } from '../scene/metal-shoot.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import {
  autoscalers,
  type Container,
  configMaps,
  controlPlanes,
  deployments,
  etcds,
  installControlPlaneCrds,
  operatingSystemConfigs,
  statefulSets,
  workers,
  workload,
} from '../scene/seed-objects.ts';
import { secrets } from '../scene/shoot.ts';
import { allGone, allReady } from '../scene/wait.ts';

const namespace = 'shoot--test--web';
const metal = 'metal.provider.extensions.gardener.cloud/v1alpha1';
const configuration = 'gardener-extension-provider-metal';

let seed: Seed;
let controllers: ControllersProcess;
let config: object;
let serverUrl: string;

const shoot = (infrastructureConfig: unknown, more: object = {}): ShootObject =>
  ({
    metadata: { name: 'web', namespace: 'garden-test', uid: '5a1f5ab4-5bb5-4b6a-9b0a-0f2f6f0f5a11' },
    spec: {
      region: 'fra',
      kubernetes: { version: '1.33.2' },
      networking: { type: 'calico' },
      provider: { type: 'metal', infrastructureConfig, workers: [{ name: 'pool', minimum: 1, maximum: 2 }], ...more },
    },
    // The controllers leave it alone: only admission is looked at.
    status: { technicalID: namespace, lastOperation: { state: 'Failed', type: 'Create' } },
  }) as unknown as ShootObject;

const seedObject = { metadata: { name: 'seed' }, spec: { provider: { type: 'metal', region: 'fra' } } };

/** Makes namespace and Cluster as gardenlet does before it deploys anything. */
async function syncCluster(object: ShootObject): Promise<void> {
  const { cloudProfileConfig } = metalShoot({ endpoint: seed.metalApi.url });
  const profile = { metadata: { name: 'metal' }, spec: { type: 'metal', providerConfig: cloudProfileConfig } };
  const options = { fieldManager: 'gardenlet', force: true };
  await seed.client.apply(clusters, clusterObject(namespace, object, seedObject, profile), options);
}

beforeAll(async () => {
  seed = await startSeed({ dir: join(inject('landscapeDir'), 'admission-seed'), parts: inject('parts') });
  await installControlPlaneCrds(seed.client);
  config = metalShoot({ endpoint: seed.metalApi.url }).providerConfig as object;
  await seed.client.create(namespaces, controlPlaneNamespace(namespace, shoot(config), seedObject));
  await syncCluster(shoot(config));
  const data = { metalAPIHMac: 'metal-admin' };
  await seed.client.create(secrets, { metadata: { namespace, name: 'cloudprovider' }, stringData: data });
  await seed.client.create(managedResources, {
    metadata: { namespace, name: shootWebhooksName },
    spec: { secretRefs: [{ name: 'former' }] },
  });
  const port = await freePort();
  serverUrl = `127.0.0.1:${port}`;
  controllers = await seed.startControllers({
    flags: [
      '--disable-controllers=controlplane,worker,healthcheck',
      `--webhook-config-server-port=${port}`,
      '--webhook-config-server-host=127.0.0.1',
      '--webhook-config-mode=url',
      `--webhook-config-url=${serverUrl}`,
      '--webhook-config-namespace=default',
      '--image=registry.example.com/espalier:v1',
    ],
  });
  // A fresh configuration takes a moment to be seen by the API server.
  await eventually(async () => {
    const probe = {
      metadata: { namespace, name: 'probe' },
      spec: { type: 'metal', region: 'fra', secretRef: { name: 'x' } },
    };
    await expect(seed.client.create(infrastructures, probe, { dryRun: true })).rejects.toThrow('denied the request');
  });
});
afterAll(async () => {
  await controllers?.stop();
  await seed?.[Symbol.asyncDispose]();
});

/** Creates, and applies again as gardenlet does it: the second time nothing may change. */
async function applied<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
  const created = await seed.client.create(resource, object);
  const again = await seed.client.mergePatch(resource, object.metadata, object);
  expect(again.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  const replaced = await seed.client.replace(resource, {
    ...object,
    metadata: { ...created.metadata, ...object.metadata },
  });
  expect(replaced.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  return created;
}

const key = (name: string) => ({ namespace, name });

describe('registration', () => {
  test('names, selectors and trust are those of the extension', async () => {
    const [mutating, validating] = await Promise.all(
      (['mutating', 'validating'] as const).map((type) =>
        seed.client.get(webhookConfigurations[type], { name: configuration }),
      ),
    );
    expect(mutating?.webhooks?.map(({ name }) => name)).toEqual([
      'controlplane.metal.extensions.gardener.cloud',
      'extensions.metal.extensions.gardener.cloud',
      'seedprovider.metal.extensions.gardener.cloud',
    ]);
    expect(validating?.webhooks?.map(({ name }) => name)).toEqual([
      'extensions.validator.metal.extensions.gardener.cloud',
    ]);
    for (const webhook of [...(mutating?.webhooks ?? []), ...(validating?.webhooks ?? [])]) {
      expect(webhook).toMatchObject({ failurePolicy: 'Fail', clientConfig: { caBundle: expect.anything() } });
    }
  });

  test('shoots that have the webhooks get the bundle', async () => {
    const content = await eventually(async () => {
      const { spec } = await seed.client.get(managedResources, key(shootWebhooksName));
      const name = spec?.secretRefs?.[0]?.name ?? '';
      expect(name).toMatch(/^extension-controlplane-shoot-webhooks-/);
      return seed.client.get(storedSecrets, key(name));
    });
    const text = Buffer.from(Object.values(content.data ?? {})[0] ?? '', 'base64').toString();
    expect(load(text)).toMatchObject({
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: `${configuration}-shoot` },
      webhooks: [{ name: 'shoot.metal.extensions.gardener.cloud', failurePolicy: 'Ignore' }],
    });
  });
});

describe('control plane', () => {
  const containersOf = (
    object: Awaited<ReturnType<typeof applied<ReturnType<typeof workload>>>>,
  ): readonly Container[] => object.spec.template.spec.containers;

  test('kube-apiserver and kube-controller-manager', async () => {
    const server = await applied(
      deployments,
      workload(key('kube-apiserver'), [
        { name: 'kube-apiserver', command: ['/kube-apiserver'], args: ['--cloud-provider=external', '--v=2'] },
      ]),
    );
    expect(containersOf(server)[0]?.args).toEqual(['--v=2']);
    expect(server.spec.template.metadata.annotations).toHaveProperty(['checksum/secret-cloudprovider']);
    const manager = await applied(
      deployments,
      workload(key('kube-controller-manager'), [{ name: 'kube-controller-manager', command: ['kcm', '--v=2'] }]),
    );
    expect(containersOf(manager)[0]?.command).toEqual(['kcm', '--v=2', '--cloud-provider=external']);
  });

  test('machine-controller-manager with its autoscaler', async () => {
    const manager = await applied(
      deployments,
      workload(key('machine-controller-manager'), [{ name: 'machine-controller-manager' }]),
    );
    expect(containersOf(manager).map(({ name }) => name)).toEqual([
      'machine-controller-manager',
      'machine-controller-manager-provider-metal',
    ]);
    expect(containersOf(manager)[1]).toMatchObject({
      image: 'registry.example.com/espalier:v1',
      env: [{ name: 'POD_UID' }],
    });
    const autoscaler = await applied(autoscalers, {
      metadata: key('machine-controller-manager-vpa'),
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'machine-controller-manager' },
        resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }] },
      },
    });
    expect(autoscaler.spec).toMatchObject({
      resourcePolicy: { containerPolicies: [{}, { containerName: 'machine-controller-manager-provider-metal' }] },
    });
  });

  test('an immutable ConfigMap of gardener-resource-manager', async () => {
    const text = 'targetClientConnection:\n  namespaces:\n  - kube-system\n';
    const created = await applied(configMaps, {
      metadata: key('gardener-resource-manager-1a2b3c4d'),
      immutable: true,
      data: { 'config.yaml': text },
    });
    expect(created.data?.['config.yaml']).toBe(
      `${text}${['firewall', 'metallb-system', 'csi-lvm', 'audit'].map((name) => `  - ${name}\n`).join('')}`,
    );
  });

  test('etcd and a VPN server that is highly available', async () => {
    const etcd = await applied(etcds, {
      metadata: key('etcd-main'),
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: 'b' } },
        labels: { a: 'b' },
        backup: {},
        etcd: {},
        storageCapacity: '10Gi',
      },
    });
    expect(etcd.spec).toMatchObject({ storageCapacity: '16Gi' });
    const vpn = workload(key('vpn-seed-server'), [
      { name: 'vpn-seed-server', env: [{ name: 'SHOOT_NODE_NETWORKS', value: '10.128.0.0/22' }] },
    ]);
    const server = await applied(statefulSets, { ...vpn, spec: { ...vpn.spec, serviceName: 'vpn-seed-server' } });
    expect(containersOf(server)[0]?.env).toEqual([{ name: 'SHOOT_NODE_NETWORKS', value: '10.128.0.0/22' }]);
  });

  test('an OperatingSystemConfig', async () => {
    const content = '[Service]\nExecStart=/opt/bin/kubelet \\\n    --v=2\n';
    const created = await applied(operatingSystemConfigs, {
      metadata: key('gardener-node-agent-pool-original'),
      spec: { type: 'debian', purpose: 'reconcile', units: [{ name: 'kubelet.service', content }] },
    });
    expect(created.spec.units?.[0]?.content).toBe(
      '[Service]\nExecStart=/opt/bin/kubelet --v=2 \\\n    --cloud-provider=external\n',
    );
  });

  test('other namespaces are not ours', async () => {
    const other = await seed.client.create(
      deployments,
      workload({ namespace: 'default', name: 'machine-controller-manager' }, [{ name: 'machine-controller-manager' }]),
    );
    expect(containersOf(other)).toHaveLength(1);
  });
});

describe('extension objects', () => {
  const secretRef = { name: 'cloudprovider', namespace };
  const object = (name: string, spec: object): ExtensionObject => ({
    metadata: key(name),
    spec: { type: 'metal', region: 'fra', secretRef, ...spec } as ExtensionObject['spec'],
  });
  const create = <T extends KubeObject>(resource: Resource<T>, one: KubeObject) =>
    seed.client.create(resource, one as T, { dryRun: true });

  test("gardenlet's pass, also with a configuration that is refused today", async () => {
    for (const infrastructureConfig of [config, { ...config, unknown: true }, undefined]) {
      const wanted = shoot(infrastructureConfig);
      await syncCluster(wanted);
      await create(infrastructures, infrastructureObject(namespace, wanted, { infrastructureConfig }));
    }
    await syncCluster(shoot(config));
    await applied(infrastructures, infrastructureObject(namespace, shoot(config), { infrastructureConfig: config }));
  });

  test.each<[string, object, RegExp]>([
    [
      'an unknown field',
      { projectId: 'x' },
      /spec\.providerConfig\.projectId: Forbidden: unknown field, did you mean projectID\?/,
    ],
    [
      'another project',
      { projectID: 'other' },
      /spec\.providerConfig\.projectID: Invalid value: "other": field is immutable/,
    ],
    ['no networks', { firewall: { size: 'x', image: 'y' } }, /spec\.providerConfig\.firewall\.networks: Required/],
  ])('an Infrastructure with %s is refused', async (_, more, message) => {
    const patch = {
      spec: {
        providerConfig: {
          ...more,
          ...('firewall' in more && { firewall: { ...(more.firewall as object), networks: [] } }),
        },
      },
    };
    await expect(seed.client.mergePatch(infrastructures, key('web'), patch)).rejects.toThrow(message);
  });

  test('finalizers and annotations can be written, and it can be deleted', async () => {
    const metadata = { annotations: { note: 'x' }, finalizers: ['test/own'] };
    await seed.client.mergePatch(infrastructures, key('web'), { metadata });
    await seed.client.delete(infrastructures, key('web'));
    const patch = { metadata: { finalizers: null }, spec: { providerConfig: { unknown: true } } };
    await seed.client.mergePatch(infrastructures, key('web'), patch);
    expect(await seed.client.find(infrastructures, key('web'))).toBeUndefined();
  });

  test('a ControlPlane gets its defaults', async () => {
    const created = await applied(controlPlanes, object('web', {}));
    expect(created.spec.providerConfig).toEqual({ apiVersion: metal, kind: 'ControlPlaneConfig' });
    const bad = { providerConfig: { apiVersion: metal, kind: 'ControlPlaneConfig', networkAccessType: 'none' } };
    await expect(create(controlPlanes, object('bad', bad))).rejects.toThrow(
      /spec\.providerConfig\.networkAccessType: Unsupported value: "none"/,
    );
  });

  test('a Worker', async () => {
    const pool = {
      name: 'pool',
      minimum: 1,
      maximum: 2,
      maxSurge: 1,
      maxUnavailable: 0,
      machineType: 'm',
      machineImage: { name: 'debian', version: '12' },
      userDataSecretRef: { name: 'x', key: 'cloud_config' },
    };
    await applied(workers, object('web', { pools: [pool] }));
    await expect(create(workers, object('bad', { pools: [{ ...pool, zones: ['a'] }] }))).rejects.toThrow(
      /spec\.pools\[0\]\.zones: Forbidden/,
    );
  });

  test('another type passes', async () => {
    await create(infrastructures, object('other', { type: 'aws', providerConfig: { any: 'thing' } }));
  });

  test('the controllers bring an Infrastructure to its end through their own webhooks', async () => {
    const wanted = shoot(config);
    await syncCluster({
      ...wanted,
      status: { ...wanted.status, lastOperation: { state: 'Processing' } },
    } as ShootObject);
    const ordered = infrastructureObject(namespace, wanted, { infrastructureConfig: config });
    const timestamp = new Date().toISOString();
    const annotations = { 'gardener.cloud/operation': 'reconcile', 'gardener.cloud/timestamp': timestamp };
    await seed.client.create(infrastructures, { ...ordered, metadata: { ...ordered.metadata, annotations } });
    const ours = { namespace, key: key('web'), uid: '', timestamp, ask: () => Promise.resolve() };
    await allReady(seed.client, [ours]);
    await seed.client.delete(infrastructures, key('web'));
    await allGone(seed.client, [ours]);
  });

  test('a second replica serves with the certificate of the first, and is ready', async () => {
    const port = await freePort();
    const replica = await seed.startControllers({
      name: 'replica',
      flags: [
        `--webhook-config-server-port=${port}`,
        '--webhook-config-mode=url',
        `--webhook-config-url=${serverUrl}`,
        '--webhook-config-namespace=default',
      ],
    });
    await replica.stop();
  });

  test('a port that is taken ends the process and says so, without keeping the Lease', async () => {
    const port = new URL(`https://${serverUrl}`).port;
    const failing = seed.startControllers({
      name: 'failing',
      flags: [
        '--leader-election-id=failing',
        `--webhook-config-server-port=${port}`,
        '--webhook-config-server-host=127.0.0.1',
        '--webhook-config-mode=url',
        `--webhook-config-url=${serverUrl}`,
      ],
    });
    await expect(failing).rejects.toThrow(/cannot listen on 127\.0\.0\.1/);
    const lease = await seed.client.find(leases, { namespace: 'default', name: 'failing' });
    expect(lease?.spec?.holderIdentity ?? '').toBe('');
  });

  test('stopped before there is a certificate, it ends well', async () => {
    const early = await seed.startControllers({
      name: 'early',
      early: true,
      flags: ['--webhook-config-server-port=0', '--webhook-config-namespace=missing', '--disable-webhooks=shoot'],
    });
    await early.stop();
    expect(await readFile(early.logFile, 'utf8')).not.toMatch(/controllers: /);
  });
});
