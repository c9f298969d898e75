import { randomUUID } from 'node:crypto';
import { DUAL_STACK_PARTITION, PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import type { Call } from '../../landscape/metal-api/http/call-log.ts';
import { type MetalApi, startMetalApi } from '../../landscape/metal-api/server.ts';
import { cluster } from '../../src/apis/extensions/cluster.ts';
import type { LastOperation } from '../../src/apis/extensions/extension.ts';
import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { createMetalProvider } from '../../src/providers/metal/provider.ts';
import type { Actuator, Operation, StatusPatch } from '../../src/providers/provider.ts';

const namespaces = defineResource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});

export interface ShootOptions {
  readonly nodes?: string;
  readonly ipFamilies?: string[];
  readonly partitionID?: string;
  readonly egress?: Record<string, string[]>;
  readonly window?: { begin: string; end: string };
  readonly providerConfig?: unknown;
}

/** A metal-api, a seed, and the actuator between them; everything but gardenlet and the lifecycle is real. */
export async function createStage(kubeconfig: string, clock: Clock, { retries = 3 } = {}) {
  const metal = await startMetalApi({ contract: true });
  const kube = createKubeClient({ kubeconfig });
  const provider = createMetalProvider({
    clock,
    metalApi: { retries, retryDelayMs: 1, retryMaxDelayMs: 5, timeoutMs: 2_000, breakMs: 10 },
  });
  const log = createFakeLog();
  const actuator = provider.infrastructure({ kube, clock, log });
  return {
    metal,
    kube,
    log,
    shoot: (options: ShootOptions = {}) => createShoot({ metal, kube, actuator, log }, options),
    async [Symbol.asyncDispose]() {
      await provider.close();
      await kube.close();
      await metal.close();
    },
  };
}

interface Parts {
  readonly metal: MetalApi;
  readonly kube: ClosableKubeClient;
  readonly actuator: Actuator<Infrastructure>;
  readonly log: ReturnType<typeof createFakeLog>;
}

export type Stage = Awaited<ReturnType<typeof createStage>>;
export type ShootOnStage = Awaited<ReturnType<typeof createShoot>>;
type Method = keyof Actuator<Infrastructure>;

async function createShoot({ metal, kube, actuator, log }: Parts, options: ShootOptions) {
  const uid = randomUUID();
  const namespace = `shoot--test--${uid.slice(0, 8)}`;
  await kube.create(namespaces, { metadata: { name: namespace } });
  await writeCredentials(kube, namespace, { metalAPIHMac: 'metal-admin' });
  const object: Infrastructure = {
    metadata: { name: 's', namespace, generation: 1 },
    spec: {
      type: 'metal',
      region: 'fra',
      secretRef: { name: 'cloudprovider', namespace },
      providerConfig: 'providerConfig' in options ? options.providerConfig : providerConfig(options),
    },
  };
  const networking = { nodes: options.nodes, ipFamilies: options.ipFamilies };
  const shoot = {
    metadata: { name: 's', uid },
    spec: { networking, maintenance: options.window && { timeWindow: options.window } },
  };
  const events: string[] = [];
  const checkpoints: StatusPatch<Infrastructure>[] = [];

  const run = async (method: Method, { lostStatus = false } = {}) => {
    const signal = AbortSignal.timeout(30_000);
    const operation: Operation<Infrastructure> = {
      object: structuredClone(object),
      cluster: cluster.parse({
        metadata: { name: namespace },
        spec: { shoot, cloudProfile: { metadata: { name: 'metal' }, spec: { providerConfig: profile(metal.url) } } },
      }),
      log,
      signal,
      checkpoint: async (status) => {
        checkpoints.push(status);
        object.status = { ...object.status, ...status } as NonNullable<Infrastructure['status']>;
      },
      event: (type, reason, message) => void events.push(`${type} ${reason} ${message}`),
      progress: () => undefined,
      pause: (wait) => wait(signal),
    };
    const { status } = await actuator[method](operation);
    if (status && !lostStatus) object.status = { ...object.status, ...status } as NonNullable<Infrastructure['status']>;
    return status;
  };

  return {
    uid,
    namespace,
    object,
    networking,
    events,
    checkpoints,
    run,
    setLastOperation: (type: LastOperation['type'], state: LastOperation['state']) => {
      const lastOperation = { type, state, description: '', progress: 100, lastUpdateTime: '2026-01-01T00:00:00Z' };
      object.status = { ...object.status, lastOperation };
    },
    setCredentials: (data: Record<string, string>) => writeCredentials(kube, namespace, data),
    /** Networks with this cluster's label. */
    networks: () =>
      [...metal.state.networks.values()].filter((network) => network.labels['cluster.metal-stack.io/id'] === uid),
    /** The calls of a piece of work, and what it did. */
    callsOf: async (work: () => Promise<unknown>): Promise<Call[]> => {
      const before = metal.calls.last;
      await work();
      return metal.calls.since(before);
    },
  };
}

async function writeCredentials(kube: ClosableKubeClient, namespace: string, values: Record<string, string>) {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]));
  await kube.delete(secrets, { namespace, name: 'cloudprovider' });
  await kube.create(secrets, { metadata: { namespace, name: 'cloudprovider' }, data });
}

function providerConfig({ partitionID = PARTITION, egress = {} }: ShootOptions) {
  return {
    apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
    kind: 'InfrastructureConfig',
    partitionID,
    projectID: PROJECT,
    firewall: {
      size: 'n1-medium-x86',
      image: 'firewall-ubuntu-3.0',
      networks: ['internet'],
      rateLimits: null,
      egressRules: Object.entries(egress).map(([networkID, ips]) => ({ networkID, ips })),
    },
  };
}

const profile = (endpoint: string) => ({
  apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
  kind: 'CloudProfileConfig',
  metalControlPlanes: { prod: { endpoint, partitions: { [PARTITION]: {}, [DUAL_STACK_PARTITION]: {} } } },
});

/** A call as somebody else makes it, e.g. the owner of an IP. */
export async function callMetal(metal: MetalApi, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${metal.url}${path}`, {
    method,
    headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
