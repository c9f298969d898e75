import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { installCrds, readSeedCrds } from '../../landscape/control-plane/crds.ts';
import { endpointSlices } from '../../landscape/control-plane/service.ts';
import {
  machineControllerManagerAccess,
  machineControllerManagerDeployment,
  machineControllerManagerShootAccess,
} from '../../landscape/machine-controller-manager/objects.ts';
import { FIREWALL_SIZE, PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import { send } from '../../landscape/metal-api/test-client.ts';
import { createAuthority } from '../../landscape/pki/authority.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { eventually } from '../scene/eventually.ts';
import { create, createManagedResource, expectHealthy, workload } from './real-parts/apply.ts';
import { certificateSecret, seedObjects, shootObjects } from './real-parts/firewall-controller-manager.ts';
import { type Stage, startStage } from './real-parts/stage.ts';

const namespace = 'shoot--test--real';
const clusterId = '7d1f0c7e-5f0e-4f57-9d0b-2a5f0f0f0f0f';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage(join(inject('landscapeDir'), 'real-parts'), inject('parts'), namespace);
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** What the tests look at of any object. */
type Anything = KubeObject & { spec?: Record<string, unknown>; status?: Record<string, unknown> };

const namespaced = (group: string, version: string, kind: string) =>
  defineResource<Anything>({ group, version, kind, plural: `${kind.toLowerCase()}s`, namespaced: true });

const configMaps = namespaced('', 'v1', 'ConfigMap');

const accessSecret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: `shoot-access-${name}`,
    namespace,
    labels: {
      'resources.gardener.cloud/purpose': 'token-requestor',
      'resources.gardener.cloud/class': 'shoot',
    },
    annotations: {
      'serviceaccount.resources.gardener.cloud/name': name,
      'serviceaccount.resources.gardener.cloud/namespace': 'kube-system',
    },
  },
});

const workloads = (to: string) =>
  (['Deployment', 'DaemonSet', 'StatefulSet'] as const).map((kind) => workload(kind, to));

test('a ManagedResource of class seed is applied in the seed, one without class in the shoot', async () => {
  const { seed, shoot } = stage;
  const configMap = (name: string, to: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: to },
    data: { here: 'yes' },
  });
  const inSeed = [configMap('in-seed', namespace), ...workloads(namespace)];
  const inShoot = [configMap('in-shoot', 'kube-system'), ...workloads('kube-system')];
  await createManagedResource(seed, { namespace, name: 'for-seed' }, inSeed, 'seed');
  await createManagedResource(seed, { namespace, name: 'for-shoot' }, inShoot);
  await eventually(() => expectHealthy(seed, { namespace, name: 'for-seed' }));
  await eventually(() => expectHealthy(seed, { namespace, name: 'for-shoot' }));
  await seed.get(configMaps, { namespace, name: 'in-seed' });
  await shoot.get(configMaps, { namespace: 'kube-system', name: 'in-shoot' });
});

test('an access Secret gets a token of its account in the shoot', async () => {
  const { seed, shoot } = stage;
  await create(seed, accessSecret('somebody'));
  await eventually(async () => {
    const { data } = await seed.get(secrets, { namespace, name: 'shoot-access-somebody' });
    const token = Buffer.from(data?.token ?? '', 'base64').toString();
    const [, claims = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: 'system:serviceaccount:kube-system:somebody',
    });
  });
  await shoot.get(namespaced('', 'v1', 'ServiceAccount'), { namespace: 'kube-system', name: 'somebody' });
});

test('machine-controller-manager makes Machines of a MachineDeployment', async () => {
  const { seed, shoot, genericKubeconfigSecret } = stage;
  const { role, binding } = machineControllerManagerShootAccess();
  await create(shoot, role, binding);
  await create(seed, ...Object.values(machineControllerManagerAccess(namespace)));
  await create(seed, machineControllerManagerDeployment({ namespace, replicas: 1, genericKubeconfigSecret }));

  const group = 'machine.sapcloud.io';
  const labels = { name: 'pool-a' };
  await create(seed, {
    apiVersion: `${group}/v1alpha1`,
    kind: 'MachineDeployment',
    metadata: { name: 'pool-a', namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels }, spec: { class: { kind: 'MachineClass', name: 'pool-a' } } },
    },
  });
  await eventually(async () => {
    expect((await seed.list(namespaced(group, 'v1alpha1', 'MachineSet'), { namespace })).items).toHaveLength(1);
    expect((await seed.list(namespaced(group, 'v1alpha1', 'Machine'), { namespace })).items).toHaveLength(2);
  }, 40_000);
});

const firewallDeployments = namespaced('firewall.metal-stack.io', 'v2', 'FirewallDeployment');
const firewalls = namespaced('firewall.metal-stack.io', 'v2', 'Firewall');
const monitors = namespaced('firewall.metal-stack.io', 'v2', 'FirewallMonitor');
const infrastructures = namespaced('extensions.gardener.cloud', 'v1alpha1', 'Infrastructure');

/** The control plane as it is before firewall-controller-manager is deployed. */
async function prepareForFirewalls(ca: Awaited<ReturnType<typeof createAuthority>>): Promise<void> {
  const { seed } = stage;
  const names = [`firewall-controller-manager.${namespace}.svc`];
  await create(
    seed,
    accessSecret('firewall-controller-manager'),
    certificateSecret(namespace, await ca.server('firewall-controller-manager', names)),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cloudprovider', namespace },
      stringData: { metalAPIHMac: 'metal-admin' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'ssh-keypair', namespace },
      stringData: {
        'id_rsa.pub': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDv3fdD6tFz0qV0v6h3VJr9m5u3a8nK0wqj2mG7kD4qL test',
      },
    },
    {
      apiVersion: 'extensions.gardener.cloud/v1alpha1',
      kind: 'Infrastructure',
      metadata: { name: 'real', namespace },
      spec: { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider', namespace } },
    },
  );
}

function firewallDeployment(name: string, networks: string[], replicas = 1) {
  const labels = { 'cluster.metal-stack.io/id': clusterId };
  const spec = {
    ...{ size: FIREWALL_SIZE, image: 'firewall-ubuntu-3.0.20260112', partition: PARTITION, project: PROJECT, networks },
    controllerVersion: 'v2.5.0',
    controllerURL: 'https://images.example.org/firewall-controller',
  };
  return {
    apiVersion: 'firewall.metal-stack.io/v2',
    kind: 'FirewallDeployment',
    metadata: { name, namespace },
    spec: { replicas, autoUpdate: { machineImage: false }, template: { metadata: { labels }, spec } },
  };
}

test('firewall-controller-manager reviews a FirewallDeployment and makes its firewall at metal-api', async () => {
  const { seed, shoot, plane, metalApi, shootUrl, genericKubeconfigSecret } = stage;
  const ca = await createAuthority('ca-provider-metal-controlplane');
  await prepareForFirewalls(ca);
  const crds = await readSeedCrds();
  await installCrds(
    shoot,
    crds.filter(({ spec }) => spec.names.kind === 'FirewallMonitor'),
  );
  await createManagedResource(seed, { namespace, name: 'extension-controlplane-shoot' }, shootObjects());
  const objects = seedObjects({
    ...{ namespace, clusterId, shootUrl, genericKubeconfigSecret },
    ca: ca.cert,
    metalApiUrl: metalApi.url,
    seedUrl: plane.garden.server,
  });
  await createManagedResource(seed, { namespace, name: 'extension-controlplane-seed' }, objects, 'seed');
  await eventually(() => expectHealthy(seed, { namespace, name: 'extension-controlplane-seed' }), 50_000);

  const { body: network } = await send(
    `${metalApi.url}/v1/network/allocate`,
    'POST',
    { authorization: 'Bearer admin-token' },
    { name: 'real', projectid: PROJECT, partitionid: PARTITION },
  );
  // The tokens that it puts into the userdata are not there at once, and it refuses until they are.
  const networks = ['internet', network.id];
  const refused = () => create(seed, firewallDeployment('shoot-firewall', networks, 5));
  await eventually(() => expect(refused()).rejects.toThrow('no more than 4 firewall replicas are allowed'));
  await create(seed, firewallDeployment('shoot-firewall', networks));

  const { spec } = await seed.get(firewallDeployments, { namespace, name: 'shoot-firewall' });
  expect(spec).toMatchObject({
    strategy: 'RollingUpdate',
    selector: { 'cluster.metal-stack.io/id': clusterId },
    template: { spec: { interval: '10s', userdata: expect.stringContaining('.seed-kubeconfig') } },
  });
  const machine = await eventually(() => {
    const found = [...metalApi.state.machines.values()].find(({ allocation }) => allocation?.role === 'firewall');
    expect(found?.tags).toContain(`cluster.metal-stack.io/id=${clusterId}`);
    return found;
  }, 40_000);
  await eventually(async () => {
    const [firewall] = (await seed.list(firewalls, { namespace })).items;
    expect(firewall?.status).toMatchObject({
      machineStatus: { machineID: machine?.id },
      firewallNetworks: expect.arrayContaining([expect.objectContaining({ networkID: 'internet' })]),
    });
    const { items } = await shoot.list(monitors, { namespace: 'firewall' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual([firewall?.metadata.name]);
  }, 40_000);
  // What it has learned of the networks since its last look at the deployment, it tells when it is asked to look again.
  const annotations = { 'firewall.metal-stack.io/reconcile': 'true' };
  await seed.mergePatch(firewallDeployments, { namespace, name: 'shoot-firewall' }, { metadata: { annotations } });
  await eventually(async () => {
    const infrastructure = await seed.get(infrastructures, { namespace, name: 'real' });
    const egressCIDRs = expect.arrayContaining([expect.stringMatching(/^203\.0\.113\.\d+\/32$/)]);
    expect(infrastructure.status).toMatchObject({ egressCIDRs });
  });
});

test('a Deployment that goes away ends its process and the calls to its Service', async () => {
  const { seed } = stage;
  const key = { namespace, name: 'firewall-controller-manager' };
  await seed.delete(namespaced('apps', 'v1', 'Deployment'), key);
  await eventually(async () => {
    const { items } = await seed.list(endpointSlices, { namespace });
    expect(items.flatMap(({ endpoints }) => endpoints.map(({ conditions }) => conditions?.ready))).toEqual([false]);
  });
  await expect(create(seed, firewallDeployment('second', ['internet']))).rejects.toThrow(/failed calling webhook/);
});
