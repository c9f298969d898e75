import { randomUUID } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { loadAll } from 'js-yaml';
import { operationAnnotation, readiness, timestampAnnotation } from '../../landscape/gardenlet/readiness.ts';
import { cluster } from '../../src/apis/extensions/cluster.ts';
import type { ControlPlane } from '../../src/apis/extensions/control-plane.ts';
import { clusters, controlPlanes } from '../../src/apis/extensions/resources.ts';
import { type ManagedResource, managedResources } from '../../src/apis/resources/managed-resource.ts';
import { createControlPlaneActuator } from '../../src/controllers/controlplane/actuator.ts';
import { controlPlaneKind } from '../../src/controllers/controlplane/kind.ts';
import { createExtensionController } from '../../src/controllers/lifecycle/controller.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { abortable } from '../../src/kube/deadline.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { reflect } from '../../src/kube/reflector.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import { type Secret, secrets } from '../../src/kube/secret.ts';
import type {
  ControlPlaneContext,
  ControlPlaneDriver,
  ControlPlaneObjects,
} from '../../src/providers/control-plane.ts';
import { configMap } from '../../src/providers/objects.ts';
import type { Actuator, Operation } from '../../src/providers/provider.ts';
import { eventually } from '../scene/eventually.ts';

const namespaces = defineResource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});

/** Objects that show what the driver was given. */
function objectsFor({ namespace, scaledDown, checksums, ...context }: ControlPlaneContext): ControlPlaneObjects {
  const data = {
    scaledDown: String(scaledDown),
    kubeconfig: context.genericKubeconfigSecret,
    ...Object.fromEntries(checksums),
  };
  const trusted = Buffer.from(context.bundles.get('ca-test')?.data['bundle.crt'] ?? '', 'base64').toString();
  return {
    seed: [configMap({ metadata: { name: 'component', namespace }, data })],
    shoot: [configMap({ metadata: { name: 'component', namespace: 'kube-system' }, data: { trusted } })],
    storageClasses: [],
  };
}

/** A driver that writes down what it is asked for. */
export function createTestDriver() {
  const calls: string[] = [];
  const driver: ControlPlaneDriver = {
    secretConfigs: () => [
      { kind: 'ca', name: 'ca-test', commonName: 'ca-test' },
      { kind: 'server', name: 'component', commonName: 'component', dnsNames: ['component'], signedBy: 'ca-test' },
    ],
    shootAccess: ['component', 'agent'],
    desired: async (context) => objectsFor(context),
    beforeMigration: async () => void calls.push('beforeMigration'),
    afterDeletion: async () => void calls.push('afterDeletion'),
  };
  return { driver, calls };
}

const verbs = ['get', 'find', 'list', 'create', 'replace', 'apply', 'mergePatch', 'jsonPatch', 'delete'] as const;
type AnyCall = (resource: Resource, ...rest: unknown[]) => Promise<unknown>;

/** Writes down each call, and lets `around` see and change it. */
export function tapped(
  client: KubeClient,
  calls: string[],
  around: (call: () => Promise<unknown>, number: number) => Promise<unknown> = (call) => call(),
): KubeClient {
  const taps = verbs.map((verb) => {
    const original = client[verb] as unknown as AnyCall;
    const tap: AnyCall = (resource, ...rest) => {
      const number = calls.push(`${verb} ${resource.plural}`);
      return around(() => original(resource, ...rest), number);
    };
    return [verb, tap];
  });
  const watch: KubeClient['watch'] = (resource, options) => {
    calls.push(`watch ${resource.plural}`);
    return client.watch(resource, options);
  };
  return { ...client, ...Object.fromEntries(taps), watch };
}

type Method = keyof Actuator<ControlPlane>;

interface RunOptions {
  readonly client?: KubeClient;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** What gardenlet has made in a seed for one Shoot. */
export async function createControlPlaneShoot(client: KubeClient) {
  const namespace = `shoot--test--${randomUUID().slice(0, 8)}`;
  await client.create(namespaces, { metadata: { name: namespace } });
  const data = { metalAPIHMac: btoa('secret') };
  await client.create(secrets, { metadata: { namespace, name: 'cloudprovider' }, data });
  const key = { namespace, name: 's' };
  const spec = { type: namespace, region: 'r', secretRef: { name: 'cloudprovider', namespace } };
  const { driver, calls } = createTestDriver();
  const shoot: { metadata: object; spec: object; status: object } = { metadata: { name: 's' }, spec: {}, status: {} };
  const webhooks: { configuration: KubeObject | undefined | Promise<undefined> } = {
    configuration: webhookConfiguration('one'),
  };
  const clusterObject = () => ({
    metadata: {
      name: namespace,
      annotations: { 'generic-token-kubeconfig.secret.gardener.cloud/name': 'generic-token-kubeconfig-1' },
    },
    spec: {
      shoot: { apiVersion: 'core.gardener.cloud/v1beta1', kind: 'Shoot', ...shoot },
      cloudProfile: { metadata: { name: 'p' }, spec: {} },
      seed: {},
    },
  });
  const actuator = (kube: KubeClient, clock: Clock) =>
    createControlPlaneActuator({
      kube,
      clock,
      log: createFakeLog(),
      name: 'provider-test',
      driver,
      shootWebhooks: (signal) => abortable(Promise.resolve(webhooks.configuration), signal),
    });

  return {
    namespace,
    driver,
    driverCalls: calls,
    webhooks,
    /** In the Cluster. */
    shoot,
    actuator,
    run: (method: Method, { client: through = client, clock = systemClock, signal }: RunOptions = {}) => {
      const stop = signal ?? AbortSignal.timeout(30_000);
      const operation: Operation<ControlPlane> = {
        object: { metadata: { ...key, generation: 1 }, spec },
        cluster: cluster.parse(clusterObject()),
        log: createFakeLog(),
        signal: stop,
        checkpoint: async () => undefined,
        event: () => undefined,
        progress: () => undefined,
        pause: (wait) => wait(stop),
      };
      return actuator(through, clock)[method](operation);
    },
    key,
    spec,
    clusterObject,
    async resources(): Promise<ReadonlyMap<string, ManagedResource>> {
      const { items } = await client.list(managedResources, { namespace });
      return new Map(items.map((item) => [item.metadata.name.replace('extension-controlplane-', ''), item]));
    },
    async secrets(labelSelector?: string): Promise<readonly Secret[]> {
      return (await client.list(secrets, { namespace, labelSelector })).items;
    },
    /** The objects that a ManagedResource brings. */
    async objectsOf<T = KubeObject>(resource: string): Promise<readonly T[]> {
      const key = { namespace, name: `extension-controlplane-${resource}` };
      const { spec } = await client.get(managedResources, key);
      const { data } = await client.get(secrets, { namespace, name: spec?.secretRefs?.[0]?.name ?? '' });
      return Object.entries(data ?? {}).flatMap(([file, value]) => {
        const bytes = Buffer.from(value, 'base64');
        return loadAll((file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes).toString()) as T[];
      });
    },
  };
}

export type ControlPlaneShoot = Awaited<ReturnType<typeof createControlPlaneShoot>>;

export const webhookConfiguration = (name: string): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name },
});

/** The real controller; the ControlPlane waits for the first request. Only calls of the controller are written down. */
export async function underLifecycle(shoot: ControlPlaneShoot, client: KubeClient, calls: string[]) {
  const { key, spec, namespace } = shoot;
  const through = tapped(client, calls);
  const start = () => {
    const stop = new AbortController();
    const controller = createExtensionController({
      kind: controlPlaneKind,
      type: spec.type,
      classes: ['shoot'],
      actuator: shoot.actuator(through, systemClock),
      workers: 1,
      ignoreOperationAnnotation: false,
      client: through,
      recorder: { event: () => undefined, drain: () => Promise.resolve() },
      clock: systemClock,
      log: createFakeLog(),
    });
    const running = Promise.all([
      controller.lead(stop.signal),
      ...controller.informers.map((informer) => informer.run(stop.signal)),
    ]);
    return async () => {
      stop.abort();
      await running;
    };
  };
  await client.create(clusters, shoot.clusterObject());
  const annotations = { [operationAnnotation]: 'wait-for-state' };
  await client.create(controlPlanes, { metadata: { ...key, annotations }, spec });
  let stop = start();
  return {
    /** Asks as gardenlet does, and waits as it does. */
    async ask(operation: string): Promise<void> {
      const timestamp = new Date().toISOString().replace('Z', '000000Z');
      const annotations = { [operationAnnotation]: operation, [timestampAnnotation]: timestamp };
      await client.mergePatch(controlPlanes, key, { metadata: { annotations } });
      await eventually(async () => {
        const state = readiness(await client.get(controlPlanes, key), timestamp);
        if (!state.ready) throw new Error(`${namespace}: ${state.reason}`);
      });
    },
    stop: () => stop(),
    /** Another controller, which knows nothing but what is written. */
    startAgain() {
      stop = start();
    },
  };
}

/** Does with ManagedResources what gardener-resource-manager does with them, but for their objects. */
export function actAsResourceManager(client: KubeClient, namespace: string) {
  const stop = new AbortController();
  const serves = { seed: true, shoot: true };
  const removed: string[] = [];

  const tend = async ({ metadata, spec, status }: ManagedResource): Promise<unknown> => {
    if (!serves[spec?.class === 'seed' ? 'seed' : 'shoot']) return;
    const key = { namespace, name: metadata.name };
    if (metadata.deletionTimestamp) {
      const done = await client.mergePatch(managedResources, key, { metadata: { finalizers: null } });
      return removed.push(`${done.metadata.name} ${spec?.keepObjects ? 'kept' : 'deleted'}`);
    }
    if (!metadata.finalizers) {
      const finalizers = ['resources.gardener.cloud/gardener-resource-manager'];
      return client.mergePatch(managedResources, key, { metadata: { finalizers } });
    }
    if (status?.observedGeneration === metadata.generation) return;
    const subresource = { subresource: 'status' } as const;
    return client.mergePatch(managedResources, key, { status: healthy(metadata.generation) }, subresource);
  };
  const safely = (resource: ManagedResource) =>
    tend(resource).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  const running = reflect(
    { client, resource: managedResources, namespace, clock: systemClock, log: createFakeLog() },
    {
      replace: (items) => void Promise.all(items.map(safely)),
      apply: (event) => {
        if (event.type !== 'BOOKMARK' && event.type !== 'DELETED') void safely(event.object);
      },
    },
    stop.signal,
  );
  return {
    serves,
    /** In the order in which they went. */
    removed,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

const lastTransitionTime = '2026-01-01T00:00:00Z';

function healthy(observedGeneration: number | undefined): object {
  const conditions = [
    ['ResourcesApplied', 'True'],
    ['ResourcesHealthy', 'True'],
    ['ResourcesProgressing', 'False'],
  ].map(([type, status]) => ({
    type,
    status,
    reason: 'Test',
    message: '',
    lastTransitionTime,
    lastUpdateTime: lastTransitionTime,
  }));
  return { observedGeneration, conditions };
}
