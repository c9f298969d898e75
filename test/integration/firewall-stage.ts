import { randomUUID } from 'node:crypto';
import { FIREWALL_SIZE, PARTITION, PROJECT, WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import { type MetalApi, startMetalApi } from '../../landscape/metal-api/server.ts';
import { cluster } from '../../src/apis/extensions/cluster.ts';
import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { Worker } from '../../src/apis/extensions/worker.ts';
import { firewallDeployments, firewallSets, firewalls } from '../../src/apis/firewall/firewall.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { deployments } from '../../src/kube/deployment.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { webhookConfigurations } from '../../src/providers/metal/infrastructure/webhook-configurations.ts';
import { createMetalApiRegistry, type MetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { createMetalWorker } from '../../src/providers/metal/worker/worker.ts';
import type { Operation } from '../../src/providers/provider.ts';
import { callMetal } from './infrastructure-stage.ts';
import { createNamespace } from './kube-kit.ts';

export const FINALIZER = 'firewall.metal-stack.io/firewall-controller-manager';
const [mutatingWebhooks, validatingWebhooks] = webhookConfigurations;
/** A metal-api and a seed with the CRDs of firewall-controller-manager, whose part the tests play. */
export async function createFirewallStage(kubeconfig: string) {
  const metal = await startMetalApi({ contract: true });
  const kube = createKubeClient({ kubeconfig });
  const metalApis = createMetalApiRegistry({ clock: systemClock, retries: 0, timeoutMs: 2_000 });
  return {
    metal,
    kube,
    metalApis,
    shoot: async () =>
      createFirewallShoot({ metal, kube, metalApis, namespace: await createNamespace(kube, 'shoot--fw') }),
    async [Symbol.asyncDispose]() {
      await metalApis.close();
      await kube.close();
      await metal.close();
    },
  };
}

export type FirewallStage = Awaited<ReturnType<typeof createFirewallStage>>;
export type FirewallShoot = Awaited<ReturnType<typeof createFirewallShoot>>;

interface RunOptions {
  readonly kube?: KubeClient;
  readonly clock?: Clock;
  readonly metalApis?: MetalApiRegistry;
}

interface Parts {
  readonly metal: MetalApi;
  readonly kube: KubeClient;
  readonly metalApis: MetalApiRegistry;
  /** Exists already. */
  readonly namespace: string;
}

export const SSH_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDv3fdD6tFz0qV0v6h3VJr9m5u3a8nK0wqj2mG7kD4qL test';

/** A cluster whose control plane and node network are there. */
export async function createFirewallShoot({ metal, kube, metalApis, namespace }: Parts) {
  const uid = randomUUID();
  const network = (await callMetal(metal, 'POST', '/v1/network/allocate', {
    projectid: PROJECT,
    partitionid: PARTITION,
    labels: { 'cluster.metal-stack.io/id': uid },
  })) as { id: string; prefixes: string[] };
  await kube.create(secrets, {
    metadata: { namespace, name: 'cloudprovider' },
    data: { metalAPIHMac: btoa('metal-admin') },
  });
  const reference = { name: 'cloudprovider', namespace };
  const infrastructure: Infrastructure = {
    metadata: { name: 's', namespace },
    spec: { type: 'metal', region: 'fra', secretRef: reference },
  };
  await kube.create(infrastructures, infrastructure);
  const setInfrastructure = (status: object) =>
    kube.mergePatch(infrastructures, infrastructure.metadata, { status }, { subresource: 'status' });
  await setInfrastructure({ nodesCIDR: network.prefixes[0] });

  const worker: Worker = {
    metadata: { name: 's', namespace },
    spec: {
      type: 'metal',
      region: 'fra',
      secretRef: reference,
      sshPublicKey: btoa(SSH_KEY),
      pools: [
        {
          name: 'w',
          minimum: 1,
          maximum: 1,
          machineType: WORKER_SIZE,
          machineImage: { name: 'ubuntu', version: '24.4' },
        },
      ],
    },
  };
  const shoot = {
    metadata: { name: 's', uid },
    spec: {
      hibernation: { enabled: false },
      provider: {
        infrastructureConfig: {
          partitionID: PARTITION,
          projectID: PROJECT,
          firewall: { size: FIREWALL_SIZE, image: 'firewall-ubuntu-3.0', networks: ['internet'] },
        },
        controlPlaneConfig: { networkAccessType: 'baseline' },
      },
    },
    status: { hibernated: false },
  };
  const events: string[] = [];
  const progress: string[] = [];
  const log = createFakeLog();
  const config = { machineImages: [{ name: 'ubuntu', version: '24.4', image: 'ubuntu-24.4' }] };

  const createOperation = (): Operation<Worker> => {
    const signal = AbortSignal.timeout(30_000);
    return {
      object: structuredClone(worker),
      cluster: cluster.parse({
        metadata: { name: namespace },
        spec: { shoot, cloudProfile: { metadata: { name: 'metal' }, spec: { providerConfig: profile(metal.url) } } },
      }),
      log,
      signal,
      checkpoint: async () => {},
      event: (type, reason, message) => void events.push(`${type} ${reason} ${message}`),
      progress: (description) => void progress.push(description),
      pause: (wait) => wait(signal),
    };
  };
  const driver = (options: RunOptions = {}) =>
    createMetalWorker({ kube, clock: systemClock, log, metalApis, config, patienceMs: 0, ...options });

  return {
    uid,
    namespace,
    networkID: network.id,
    worker,
    shoot,
    events,
    progress,
    driver,
    createOperation,
    run: (
      method: 'beforeReconcile' | 'afterReconcile' | 'afterDeletion' | 'forceDelete' | 'migrate' | 'beforeRestore',
      options: RunOptions = {},
    ) => driver(options)[method](createOperation()),
    firewallDeployment: () => kube.find(firewallDeployments, { namespace, name: 'shoot-firewall' }),
    state: async () =>
      (await kube.get(infrastructures, infrastructure.metadata)).status?.state as { firewalls: string[] } | undefined,
    setInfrastructure,
    createDeployment: async (name: string, status: object = {}) => {
      const matchLabels = { app: name };
      const containers = [{ name: 'container', image: 'image' }];
      const template = { metadata: { labels: matchLabels }, spec: { containers } };
      const metadata = { namespace, name };
      await kube.create(deployments, {
        metadata,
        spec: { replicas: 1, selector: { matchLabels }, template },
      } as KubeObject);
      await kube.mergePatch(deployments, metadata, { status }, { subresource: 'status' });
    },
    /** firewall-controller-manager asks to be called for this namespace, at an address where nobody is, or not at all. */
    registerWebhooks: async ({ unreachable = false } = {}) => {
      const metadata = { name: `firewall-controller-manager-${namespace}` };
      await kube.create(mutatingWebhooks, { metadata });
      if (unreachable)
        await kube.create(validatingWebhooks, { metadata, webhooks: [webhookOf(namespace)] } as KubeObject);
    },
    /** What firewall-controller-manager makes of a FirewallDeployment: a set, its Firewalls, and their machines. */
    createFirewalls: async (...names: string[]) => {
      const { metadata, spec } = await kube.get(firewallDeployments, { namespace, name: 'shoot-firewall' });
      const top = { kind: 'FirewallDeployment', name: metadata.name, uid: metadata.uid ?? '' };
      const set = await createOwned(kube, firewallSets, namespace, 'set', top, {
        spec: { replicas: names.length, distance: 0, selector: {}, template: spec?.template },
      });
      const owner = { kind: 'FirewallSet', name: 'set', uid: set.metadata.uid ?? '' };
      for (const name of names) {
        await createOwned(kube, firewalls, namespace, name, owner, { spec: spec?.template?.spec, distance: 0 });
      }
    },
    allocate: async (kind: 'machine' | 'firewall', name: string, tags: readonly string[] = [], uuid?: string) => {
      const isFirewall = kind === 'firewall';
      const { id } = (await callMetal(metal, 'POST', `/v1/${kind}/allocate`, {
        projectid: PROJECT,
        partitionid: PARTITION,
        sizeid: isFirewall ? FIREWALL_SIZE : WORKER_SIZE,
        imageid: isFirewall ? 'firewall-ubuntu-3.0' : 'ubuntu-24.4',
        name,
        hostname: name,
        ...(uuid ? { uuid } : {}),
        ssh_pub_keys: [],
        networks: [network.id, ...(isFirewall ? ['internet'] : [])].map((networkid) => ({
          networkid,
          autoacquire: true,
        })),
        tags: [`cluster.metal-stack.io/id=${uid}`, ...tags],
      })) as { id: string };
      return id;
    },
  };
}

interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
}

function createOwned(
  kube: KubeClient,
  resource: Resource,
  namespace: string,
  name: string,
  owner: Owner,
  fields: object,
) {
  const reference = { apiVersion: 'firewall.metal-stack.io/v2', uid: '', controller: true, ...owner };
  const metadata = { name, namespace, finalizers: [FINALIZER], ownerReferences: [reference] };
  return kube.create(resource, { metadata, ...fields });
}

const webhookOf = (namespace: string) => ({
  name: 'firewalls.metal-stack.io',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  failurePolicy: 'Fail',
  clientConfig: { url: 'https://127.0.0.1:1/nobody' },
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  rules: [
    {
      apiGroups: ['firewall.metal-stack.io'],
      apiVersions: ['v2'],
      operations: ['UPDATE'],
      resources: ['*'],
      scope: '*',
    },
  ],
});

const profile = (endpoint: string) => ({
  metalControlPlanes: {
    prod: {
      endpoint,
      firewallControllerVersions: [{ version: 'v2.5.0', url: 'https://fc.example.com', classification: 'supported' }],
      partitions: {
        [PARTITION]: {
          networkIsolation: {
            dnsServers: ['192.0.2.53'],
            ntpServers: ['192.0.2.123'],
            allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['10.0.0.0/8'] },
          },
        },
      },
    },
  },
});
