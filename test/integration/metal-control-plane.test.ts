import { randomUUID } from 'node:crypto';
import type { V1PodSpec } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import { type MetalApi, startMetalApi } from '../../landscape/metal-api/server.ts';
import { kubectl } from '../../landscape/up/kubectl.ts';
import { cluster } from '../../src/apis/extensions/cluster.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import type { ControlPlaneContext } from '../../src/providers/control-plane.ts';
import { createMetalControlPlane } from '../../src/providers/metal/controlplane/driver.ts';
import { durosStorage, modelWith } from '../../src/providers/metal/controlplane/fixtures.ts';
import type { ControlPlaneModel } from '../../src/providers/metal/controlplane/model.ts';
import { seedObjects } from '../../src/providers/metal/controlplane/seed/seed.ts';
import { ensureSeedObjects } from '../../src/providers/metal/controlplane/seed-crds.ts';
import { createImages } from '../../src/providers/metal/images.ts';
import { webhookConfigurations } from '../../src/providers/metal/infrastructure/webhook-configurations.ts';
import { loadManifests } from '../../src/providers/metal/manifests/load.ts';
import { createMetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { callMetal } from './infrastructure-stage.ts';

const core = { group: '', version: 'v1' };
const namespaces = defineResource({ ...core, kind: 'Namespace', plural: 'namespaces', namespaced: false });
const pods = defineResource<KubeObject & { spec: V1PodSpec }>({
  ...core,
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
});
const dnsRecords = defineResource<KubeObject & { spec: object }>({
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'DNSRecord',
  plural: 'dnsrecords',
  namespaced: true,
});

const manifests = await loadManifests();
let kube: ClosableKubeClient;
let metal: MetalApi;
const metalApis = createMetalApiRegistry({ clock: systemClock, retries: 0 });
const { signal } = new AbortController();

beforeAll(async () => {
  kube = createKubeClient({ kubeconfig: inject('kubeconfig') });
  metal = await startMetalApi({ contract: true });
  await ensureSeedObjects(kube, manifests, signal);
});
afterAll(() => Promise.all([kube.close(), metal.close(), metalApis.close()]));
afterEach(() => expect([...metal.violations]).toEqual([]));

const driver = () =>
  createMetalControlPlane({
    kube,
    metalApis,
    manifests,
    clock: systemClock,
    log: createFakeLog(),
    config: {},
    images: createImages(),
    seedApiHost: 'api.seed.example.com',
  });

/** A shoot whose Infrastructure is ready, with what gardenlet has made for it. */
async function createShoot({ hibernated = false, firewallNetworks = ['internet'] } = {}) {
  const uid = randomUUID();
  const namespace = `shoot--test--${uid.slice(0, 8)}`;
  await kube.create(namespaces, { metadata: { name: namespace } });
  const order = { projectid: PROJECT, partitionid: PARTITION, name: 's', labels: {} };
  const { prefixes, id } = (await callMetal(metal, 'POST', '/v1/network/allocate', order)) as {
    prefixes: string[];
    id: string;
  };
  const labels = { name: 'ssh-keypair', 'managed-by': 'secrets-manager', 'manager-identity': 'gardenlet' };
  const secretRef = { name: 'cloudprovider', namespace };
  const spec = { type: 'metal', region: 'r', secretRef };
  const infrastructure = { metadata: { name: 's', namespace }, spec };
  await Promise.all([
    kube.create(secrets, {
      metadata: { name: 'ssh-keypair-1', namespace, labels: { ...labels, 'issued-at-time': '1700000000' } },
      data: { 'id_rsa.pub': btoa('ssh-rsa AAAA') },
    }),
    kube.create(infrastructures, infrastructure),
  ]);
  const status = { nodesCIDR: prefixes[0] };
  await kube.mergePatch(infrastructures, infrastructure.metadata, { status }, { subresource: 'status' });
  const model = modelWith();
  const context = {
    operation: {
      object: { metadata: { name: 's', namespace }, spec },
      cluster: cluster.parse({
        metadata: { name: namespace },
        spec: {
          shoot: {
            metadata: { name: 's', uid },
            spec: {
              dns: { domain: 's.test.example.com' },
              hibernation: { enabled: hibernated },
              provider: {
                infrastructureConfig: {
                  projectID: PROJECT,
                  partitionID: PARTITION,
                  firewall: { networks: firewallNetworks },
                },
              },
            },
            status: { hibernated },
          },
          cloudProfile: {
            metadata: { name: 'metal' },
            spec: {
              providerConfig: { metalControlPlanes: { m: { endpoint: metal.url, partitions: { [PARTITION]: {} } } } },
            },
          },
        },
      }),
      log: createFakeLog(),
      signal: AbortSignal.timeout(30_000),
    },
    namespace,
    scaledDown: hibernated,
    secrets: model.secrets,
    bundles: model.bundles,
    credentials: { metadata: secretRef, data: { metalAPIHMac: btoa('metal-admin') } },
    checksums: model.checksums,
    genericKubeconfigSecret: 'generic-token-kubeconfig',
  } as unknown as ControlPlaneContext;
  return {
    namespace,
    context,
    networkID: id,
    writeDNSRecord: (values: string[]) =>
      kube.create(dnsRecords, {
        metadata: { name: 's-external', namespace },
        spec: { type: 't', name: 'api.s.test.example.com', recordType: 'A', secretRef, values },
      }),
  };
}

describe('the objects of a control plane', () => {
  test('are made from what is in seed and metal-api', async () => {
    const { context, writeDNSRecord, networkID } = await createShoot();
    await writeDNSRecord(['203.0.113.10']);
    const { seed, shoot, storageClasses } = await driver().desired(context);
    const text = JSON.stringify(seed);
    expect(text).toContain(JSON.stringify({ name: 'METAL_NETWORK_ID', value: networkID }));
    expect(text).toContain(JSON.stringify({ name: 'METAL_DEFAULT_EXTERNAL_NETWORK_ID', value: 'internet' }));
    expect(text).toContain(JSON.stringify({ name: 'METAL_SSH_PUBLICKEY', value: 'ssh-rsa AAAA' }));
    expect(text).toContain('-ssh-key-secret-name=ssh-keypair-1');
    expect(text).toContain('-seed-api-url=https://api.seed.example.com');
    expect(JSON.stringify(shoot)).toContain('203.0.113.10/32');
    expect(storageClasses).not.toEqual([]);
  });

  test('need credentials, and say whose are missing', async () => {
    const { context, namespace } = await createShoot();
    const missing = `Secret ${namespace}/cloudprovider with the metal-api credentials does not exist`;
    await expect(driver().desired({ ...context, credentials: undefined })).rejects.toThrow(missing);
  });

  test('wait for the addresses of the API server', async () => {
    const { context, namespace, writeDNSRecord } = await createShoot();
    const missing = { message: expect.stringContaining(`DNSRecord ${namespace}/s-external does not exist yet`) };
    await expect(driver().desired(context)).rejects.toMatchObject(missing);
    await writeDNSRecord(['203.0.113.10']);
    await driver().desired(context);
  });

  test('need no DNSRecord while the shoot sleeps', async () => {
    const { context } = await createShoot({ hibernated: true });
    const { seed } = await driver().desired(context);
    expect(seed.filter(({ kind = '' }) => kind.endsWith('WebhookConfiguration'))).toEqual([]);
  });

  test('take one list of networks for many reconciles, and one more for a network that was made since', async () => {
    const { desired } = driver();
    const shoots = await Promise.all([createShoot(), createShoot(), createShoot({ firewallNetworks: ['mpls'] })]);
    await Promise.all(shoots.map(({ writeDNSRecord }) => writeDNSRecord(['203.0.113.10'])));
    const before = metal.calls.last;
    const finds = () => metal.calls.since(before).filter(({ path }) => path === '/v1/network/find').length;
    await Promise.all(shoots.map(({ context }) => desired(context)));
    // Each looks for its own private network as well.
    expect(finds()).toBe(3 + 1);

    const order = { projectid: PROJECT, partitionid: PARTITION, name: 'late', labels: {} };
    const late = (await callMetal(metal, 'POST', '/v1/network/allocate', order)) as { id: string };
    const shoot = await createShoot({ firewallNetworks: ['internet', late.id] });
    await shoot.writeDNSRecord(['203.0.113.10']);
    expect(JSON.stringify((await desired(shoot.context)).seed)).toContain(`"internet,${late.id}"`);
    expect(finds()).toBe(3 + 1 + 1 + 1);
  });
});

test('After the deletion the webhooks of firewall-controller-manager are gone, and only those of the shoot', async () => {
  const { context, namespace } = await createShoot();
  const [mutating] = webhookConfigurations;
  const own = { name: `firewall-controller-manager-${namespace}` };
  const others = { name: `firewall-controller-manager-${namespace}-2` };
  await kube.create(mutating, { metadata: own });
  await kube.create(mutating, { metadata: others });
  await driver().afterDeletion(context.operation);
  await driver().afterDeletion(context.operation);
  expect(await kube.find(mutating, own)).toBeUndefined();
  expect(await kube.find(mutating, others)).toBeDefined();
});

describe('A seed’s API server', () => {
  const pem = Buffer.from(`-----BEGIN CERTIFICATE-----\n${btoa('certificate')}\n-----END CERTIFICATE-----\n`);
  const bundles = new Map(
    [...modelWith().bundles].map(([name, bundle]) => [
      name,
      { ...bundle, data: { 'bundle.crt': pem.toString('base64') } },
    ]),
  );
  const ingressController = { namespace: 'ingress-nginx', podSelector: { app: 'ingress-nginx' } };
  const models: readonly (readonly [string, Partial<ControlPlaneModel>])[] = [
    ['an ordinary one', {}],
    ['one with storage', { duros: durosStorage, ingressController }],
    ['one without SSH, with feature gates', { ssh: undefined, featureGates: { A: true, B: false } }],
    ['one that sleeps', { scaledDown: true, apiServerAddresses: [] }],
  ];

  test.each(models)('accepts all objects of a control plane: %s', async (_, changes) => {
    const namespace = await createRestrictedNamespace();
    const options = { kubectl: inject('parts').kubectl, kubeconfig: inject('kubeconfig') };
    const items = seedObjects(modelWith({ namespace, bundles, ...changes }));
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const command = ['apply', '--server-side', '--field-manager=test', '--validate=strict', '--dry-run=server'];
    const { code, stderr } = await kubectl(options, [...command, '--filename=-'], list);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('lets all pods run at level restricted', async () => {
    const namespace = await createRestrictedNamespace();
    const refused: unknown[] = [];
    const deployments = seedObjects(modelWith({ namespace, bundles, duros: durosStorage })).filter(
      ({ kind }) => kind === 'Deployment',
    ) as (KubeObject & { spec: { template: { metadata: object; spec: V1PodSpec } } })[];
    expect(deployments).toHaveLength(3);
    for (const { metadata, spec } of deployments) {
      const { priorityClassName: _, serviceAccountName: __, ...podSpec } = spec.template.spec;
      const pod = { metadata: { ...spec.template.metadata, namespace, name: metadata.name }, spec: podSpec };
      await kube.create(pods, pod, { dryRun: true }).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.code !== 403) throw error;
        refused.push(error);
      });
    }
    expect(refused).toEqual([]);
  });
});

async function createRestrictedNamespace(): Promise<string> {
  const name = `shoot--restricted--${randomUUID().slice(0, 8)}`;
  await kube.create(namespaces, { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } });
  return name;
}
