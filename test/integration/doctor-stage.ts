import { FIREWALL_SIZE, PARTITION, PROJECT, WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import type { MetalApi } from '../../landscape/metal-api/server.ts';
import { clusters, controlPlanes, infrastructures, workers } from '../../src/apis/extensions/resources.ts';
import { firewallDeployments, firewalls } from '../../src/apis/firewall/firewall.ts';
import { machineClasses, machineDeployments, machines } from '../../src/apis/machine/machine.ts';
import { examine } from '../../src/commands/doctor-examine.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { leases, microTime } from '../../src/kube/lease.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { createMetalDoctor } from '../../src/providers/metal/doctor/doctor.ts';
import { createMetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { allocateIP } from '../scene/metal-stock.ts';
import type { Seed } from '../scene/seed.ts';
import { credentials, profile, shoots, version } from './doctor-garden-stage.ts';
import { callMetal } from './infrastructure-stage.ts';

export const HMAC = 'metal-admin';
/** Everything that was made just now is older than that, in the eyes of the doctor. */
export const later = { ...systemClock, now: () => Date.now() + 2 * 3600_000 };

export const idTag = (uid: string) => `cluster.metal-stack.io/id=${uid}`;

export const service = (uid: string) => `cluster.metal-stack.io/id/namespace/service=${uid}/default/web`;
export const egressTag = (uid: string) => `cluster.metal-stack.io/id/egress=${uid}`;
const free = ({ metalApi }: Seed, path: string) => callMetal(metalApi, 'DELETE', `/v1/${path}`);
export const freeMachine = (seed: Seed, id: string) => free(seed, `machine/${id}/free`);
export const freeIP = (seed: Seed, id: string) => free(seed, `ip/free/${id}`);
export const freeNetwork = (seed: Seed, id: string) => free(seed, `network/free/${id}`);

export const allocateNetwork = (metal: MetalApi, uid: string) =>
  callMetal(metal, 'POST', '/v1/network/allocate', {
    ...{ projectid: PROJECT, partitionid: PARTITION, description: uid },
    labels: { 'cluster.metal-stack.io/id': uid },
  }) as Promise<{ id: string; prefixes: string[] }>;

export async function allocateMachine(
  metal: MetalApi,
  kind: 'machine' | 'firewall',
  hostname: string,
  network: string,
  tags: readonly string[],
): Promise<string> {
  const isFirewall = kind === 'firewall';
  const networks = [network, ...(isFirewall ? ['internet'] : [])];
  const { id } = (await callMetal(metal, 'POST', `/v1/${kind}/allocate`, {
    ...{ projectid: PROJECT, partitionid: PARTITION, name: hostname, hostname, ssh_pub_keys: [], tags },
    sizeid: isFirewall ? FIREWALL_SIZE : WORKER_SIZE,
    imageid: isFirewall ? 'firewall-ubuntu-3.0' : 'ubuntu-24.4',
    networks: networks.map((networkid) => ({ networkid, autoacquire: true })),
  })) as { id: string };
  return id;
}

export type Home = Awaited<ReturnType<typeof createHome>>;

interface HomeOptions {
  /** Where the Shoot is; the seed when absent. */
  readonly garden?: KubeClient;
  readonly project?: string;
  readonly seedName?: string;
}

/** A healthy cluster with one machine, one firewall and one egress IP, as gardenlet and the controllers leave it. */
export async function createHome(client: KubeClient, metal: MetalApi, name: string, options: HomeOptions = {}) {
  const namespace = `shoot--test--${name}`;
  await client.create(namespaces, { metadata: { name: namespace } });
  const garden = { namespace: `garden-${options.project ?? 'test'}`, name };
  const { seedName } = options;
  const uid = await createShoot(options.garden ?? client, garden, seedName);
  const network = await allocateNetwork(metal, uid);
  const egress = (await allocateIP(metal, 'static', [`cluster.metal-stack.io/id/egress=${uid}`])).ipaddress;
  const key = { namespace, name };
  const spec = { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider', namespace } };
  await client.create(clusters, clusterOf(namespace, garden, uid, metal.url, seedName));
  const data = { metalAPIHMac: btoa(HMAC) };
  await client.create(secrets, { metadata: { namespace, name: 'cloudprovider' }, data });
  const lastOperation = {
    ...{ type: 'Reconcile', state: 'Succeeded', progress: 100, description: 'done' },
    lastUpdateTime: new Date().toISOString(),
  };
  const extension = async (resource: Resource, fields: object, status: object = {}) => {
    await client.create(resource, { metadata: key, spec: { ...spec, ...fields } } as KubeObject);
    await client.mergePatch(resource, key, { status: { lastOperation, ...status } }, { subresource: 'status' });
  };
  await extension(infrastructures, { providerConfig: configOf([egress]) }, { nodesCIDR: network.prefixes[0] });
  await extension(controlPlanes, {});
  await extension(workers, { pools: [poolOf()] });
  const machine = await createMachine(client, metal, namespace, uid, network.id);
  await createFirewall(client, metal, namespace, uid, network.id);
  return { namespace, key, uid, garden, networkID: network.id, egress, machine };
}

/** In a garden; answers its uid. */
export async function createShoot(
  garden: KubeClient,
  key: { readonly namespace: string; readonly name: string },
  seedName?: string,
): Promise<string> {
  await garden.apply(namespaces, { metadata: { name: key.namespace } }, { fieldManager: 'test' });
  const spec = {
    provider: { type: 'metal' },
    ...(seedName ? { seedName } : {}),
    ...{ cloudProfile: profile, secretBindingName: credentials.name, kubernetes: { version } },
  };
  const { metadata } = await garden.create(shoots, { metadata: key, spec });
  return metadata.uid ?? '';
}

export const configOf = (ips: readonly string[]) => ({
  apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
  kind: 'InfrastructureConfig',
  ...{ partitionID: PARTITION, projectID: PROJECT },
  firewall: {
    ...{ size: FIREWALL_SIZE, image: 'firewall-ubuntu-3.0', networks: ['internet'] },
    egressRules: [{ networkID: 'internet', ips }],
  },
});

const poolOf = () => ({
  ...{ name: 'w', minimum: 1, maximum: 1, maxSurge: 1, maxUnavailable: 0, machineType: WORKER_SIZE },
  machineImage: { name: 'ubuntu', version: '24.4' },
  userDataSecretRef: { name: 'osc', key: 'cloud_config' },
});

export function clusterOf(
  namespace: string,
  garden: { namespace: string; name: string },
  uid: string,
  endpoint: string,
  seedName?: string,
) {
  const plane = {
    ...{ endpoint, partitions: { [PARTITION]: {} }, firewallImages: ['firewall-ubuntu-3.0'] },
    firewallControllerVersions: [{ version: 'v2.5.0', classification: 'supported' }],
  };
  return {
    metadata: { name: namespace },
    spec: {
      seed: seedName ? { metadata: { name: seedName } } : {},
      shoot: { metadata: { ...garden, uid }, spec: { region: 'fra', provider: { type: 'metal' } }, status: {} },
      cloudProfile: {
        metadata: { name: 'metal' },
        spec: {
          machineImages: [{ name: 'ubuntu', versions: [{ version: '24.4' }] }],
          providerConfig: { metalControlPlanes: { local: plane } },
        },
      },
    },
  };
}

async function createMachine(client: KubeClient, metal: MetalApi, namespace: string, uid: string, network: string) {
  const className = `${namespace}-w-abcde`;
  const labels = { 'gardener.cloud/purpose': 'machineclass', 'garden.sapcloud.io/purpose': 'machineclass' };
  await client.create(secrets, { metadata: { namespace, name: className, labels }, data: { userData: btoa('join') } });
  await client.create(machineClasses, {
    metadata: { namespace, name: className },
    ...{ provider: 'metal', providerSpec: {}, secretRef: { namespace, name: className } },
  });
  const template = { metadata: { labels: { name: 'w' } }, spec: { class: { kind: 'MachineClass', name: className } } };
  await client.create(machineDeployments, {
    metadata: { namespace, name: `${namespace}-w` },
    spec: { replicas: 1, selector: { matchLabels: { name: 'w' } }, template },
  });
  const name = `${namespace}-w-1`;
  const id = await allocateMachine(metal, 'machine', name, network, [idTag(uid)]);
  const providerID = `metal:///${PARTITION}/${id}`;
  await client.create(machines, { metadata: { namespace, name }, spec: { ...template.spec, providerID } });
  return { name, id, className };
}

async function createFirewall(client: KubeClient, metal: MetalApi, namespace: string, uid: string, network: string) {
  const spec = {
    ...{ size: FIREWALL_SIZE, image: 'firewall-ubuntu-3.0', partition: PARTITION, project: PROJECT },
    ...{ networks: ['internet', network], controllerVersion: 'v2.5.0' },
  };
  await client.create(firewallDeployments, {
    metadata: { namespace, name: 'shoot-firewall' },
    spec: { replicas: 1, autoUpdate: { machineImage: false }, template: { spec } },
  });
  const name = 'shoot-firewall-1';
  await allocateMachine(metal, 'firewall', name, network, [
    idTag(uid),
    'firewall.metal-stack.io/managed-by=firewall-controller-manager',
  ]);
  await client.create(firewalls, { metadata: { namespace, name }, spec, distance: 0 });
}

/** What the extension itself renews. */
export async function beat(client: KubeClient, renewTime = later.now()): Promise<void> {
  const namespace = 'extension-provider-metal';
  await client.apply(namespaces, { metadata: { name: namespace } }, { fieldManager: 'test' });
  const spec = { holderIdentity: 'provider-metal', leaseDurationSeconds: 30, renewTime: microTime(renewTime) };
  for (const name of ['gardener-extension-heartbeat', 'provider-metal-leader-election'])
    await client.apply(leases, { metadata: { namespace, name }, spec }, { fieldManager: 'test', force: true });
}

/** The doctor, two hours later. */
export async function look(
  client: KubeClient,
  options: {
    readonly garden?: KubeClient | undefined;
    /** Other seeds, by the path of their kubeconfig; `name=` in it gives the name. */
    readonly others?: Readonly<Record<string, KubeClient>>;
    readonly fix?: boolean;
    readonly signal?: AbortSignal;
    readonly clock?: Clock;
    readonly log?: Logger;
  } = {},
) {
  const metalApis = createMetalApiRegistry({ clock: systemClock, retries: 0, timeoutMs: 2_000 });
  const { log = createFakeLog() } = options;
  try {
    return await examine({
      ...{ type: 'metal', provider: 'provider-metal', stuckMs: 1_800_000, log },
      seeds: Object.entries({ seed: client, ...options.others }).map(([text, kube]) => {
        const [path = text, given] = text.split('=').reverse();
        return { source: { given, path }, kube };
      }),
      clock: options.clock ?? later,
      gardens: options.garden ? [{ name: 'garden', client: options.garden }] : [],
      doctor: createMetalDoctor({
        metalApis,
        config: {
          machineImages: [
            { name: 'ubuntu', version: '24.4', image: 'ubuntu-24.4' },
            { name: 'ubuntu', version: '1.0', image: 'ubuntu-1.0' },
          ],
        },
      }),
      fix: options.fix ?? false,
      signal: options.signal ?? AbortSignal.timeout(30_000),
    });
  } finally {
    await metalApis.close();
  }
}
