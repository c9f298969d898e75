import { randomUUID } from 'node:crypto';
import { clusters, controlPlanes, infrastructures, workers } from '../../src/apis/extensions/resources.ts';
import { firewallDeployments } from '../../src/apis/firewall/firewall.ts';
import { machineClasses, machines } from '../../src/apis/machine/machine.ts';
import { leases, microTime } from '../../src/kube/lease.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { issueAuthority } from '../../src/pki/issue.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import { allocateIP } from '../scene/metal-stock.ts';
import type { Seed } from '../scene/seed.ts';
import { shoots } from './doctor-garden-stage.ts';
import {
  allocateMachine,
  allocateNetwork,
  beat,
  configOf,
  egressTag,
  freeIP,
  freeMachine,
  freeNetwork,
  type Home,
  idTag,
  service,
} from './doctor-stage.ts';
import { callMetal } from './infrastructure-stage.ts';

export interface Scene {
  readonly seed: Seed;
  readonly home: Home;
}

/** Does damage, and returns what undoes it. */
export type Damage = (scene: Scene) => Promise<() => Promise<unknown>>;

/** Merge-patches an object, and back. */
const patched =
  (resource: Resource, change: object, restore: object, subresource?: 'status'): Damage =>
  async ({ seed: { client }, home }) => {
    const { namespace } = home;
    const name = nameOf[resource.kind] ?? home.key.name;
    const key = resource.namespaced ? { namespace, name } : { name: namespace };
    const options = subresource ? { subresource } : {};
    await client.mergePatch(resource, key, change, options);
    return () => client.mergePatch(resource, key, restore, options);
  };
const nameOf: Readonly<Record<string, string>> = { FirewallDeployment: 'shoot-firewall' };
const shootSpec = (fields: object) => ({ spec: { shoot: fields } });
const pools = (version: string) => ({ spec: { pools: [{ ...pool, machineImage: { name: 'ubuntu', version } }] } });
const pool = {
  name: 'w',
  minimum: 1,
  maximum: 1,
  maxSurge: 1,
  maxUnavailable: 0,
  machineType: 'c1-xlarge-x86',
  userDataSecretRef: { name: 'osc', key: 'cloud_config' },
};
const condition = { type: 'EveryNodeReady', status: 'False', reason: 'HealthCheckUnsuccessful', message: 'a node' };
const time = '2026-01-01T00:00:00Z';

export const damages: readonly (readonly [string, string, Damage])[] = [
  [
    'NodeNetworkMissing',
    'error',
    async ({ seed, home }) => {
      const network = seed.metalApi.state.networks.get(home.networkID);
      const { labels = {} } = network ?? {};
      Object.assign(network ?? {}, { labels: {} });
      return async () => Object.assign(network ?? {}, { labels });
    },
  ],
  [
    'NodeNetworkSurplus',
    'warning',
    async ({ seed, home }) => {
      const { id } = await allocateNetwork(seed.metalApi, home.uid);
      return () => freeNetwork(seed, id);
    },
  ],
  [
    'EgressIPMissing',
    'error',
    (scene) => {
      const of = (...ips: string[]) => ({ spec: { providerConfig: configOf([scene.home.egress, ...ips]) } });
      return patched(infrastructures, of('203.0.113.250'), of())(scene);
    },
  ],
  [
    'EgressIPUnclaimed',
    'error',
    async ({ seed, home }) => {
      const set = (tags: readonly string[]) =>
        callMetal(seed.metalApi, 'POST', '/v1/ip', { ipaddress: home.egress, type: 'static', tags });
      await set(['note=x']);
      return () => set([egressTag(home.uid)]);
    },
  ],
  [
    'EgressIPUnwanted',
    'warning',
    async ({ seed, home }) => {
      const { ipaddress } = await allocateIP(seed.metalApi, 'static', [egressTag(home.uid)]);
      return () => freeIP(seed, ipaddress);
    },
  ],
  [
    'IPShared',
    'info',
    async ({ seed, home }) => {
      const other = await seed.client.create(shoots, {
        metadata: { namespace: home.garden.namespace, name: 'elsewhere' },
        spec: {},
      });
      const tags = [service(home.uid), service(other.metadata.uid ?? '')];
      const { ipaddress } = await allocateIP(seed.metalApi, 'ephemeral', tags);
      return async () => {
        await freeIP(seed, ipaddress);
        await seed.client.delete(shoots, other.metadata);
      };
    },
  ],
  ...(['machine', 'firewall'] as const).map(
    (kind) =>
      [
        kind === 'machine' ? 'MachineUnknown' : 'FirewallUnknown',
        'warning',
        async ({ seed, home }: Scene) => {
          const id = await allocateMachine(seed.metalApi, kind, `stray-${kind}`, home.networkID, [idTag(home.uid)]);
          return () => freeMachine(seed, id);
        },
      ] as const,
  ),
  [
    'MachineTwice',
    'error',
    async ({ seed, home }) => {
      const tags = [idTag(home.uid)];
      const id = await allocateMachine(seed.metalApi, 'machine', home.machine.name, home.networkID, tags);
      return () => freeMachine(seed, id);
    },
  ],
  [
    'MachineGone',
    'error',
    async ({ seed, home }) => {
      const metadata = { namespace: home.namespace, name: 'lost' };
      const spec = { class: { kind: 'MachineClass', name: home.machine.className } };
      await seed.client.create(machines, { metadata, spec: { ...spec, providerID: `metal:///fra/${randomUUID()}` } });
      return () => seed.client.delete(machines, metadata);
    },
  ],
  [
    'DeletionStuck',
    'warning',
    async ({ seed, home }) => {
      const metadata = { namespace: home.namespace, name: 'held' };
      const secretRef = { namespace: home.namespace, name: home.machine.className };
      const content = { provider: 'metal', providerSpec: {}, secretRef };
      await seed.client.create(machineClasses, {
        metadata: { ...metadata, finalizers: ['test.dev/held'] },
        ...content,
      });
      await seed.client.delete(machineClasses, metadata);
      return () => seed.client.mergePatch(machineClasses, metadata, { metadata: { finalizers: null } });
    },
  ],
  [
    'MachineClassStale',
    'warning',
    async ({ seed, home }) => {
      const metadata = { namespace: home.namespace, name: 'old' };
      const secretRef = { namespace: home.namespace, name: home.machine.className };
      await seed.client.create(machineClasses, { metadata, provider: 'metal', providerSpec: {}, secretRef });
      return () => seed.client.delete(machineClasses, metadata);
    },
  ],
  [
    'CertificateExpired',
    'error',
    async ({ seed, home }) => {
      const { cert, key } = await issueAuthority('ca', { from: Date.now() - 86_400_000, until: Date.now() - 3600_000 });
      const labels = {
        ...{ name: 'ca-provider-metal-controlplane', 'managed-by': 'secrets-manager' },
        'manager-identity': 'provider-metal-controlplane',
      };
      const metadata = { namespace: home.namespace, name: 'ca-old', labels };
      await seed.client.create(secrets, { metadata, data: { 'ca.crt': btoa(cert), 'ca.key': btoa(key) } });
      return () => seed.client.delete(secrets, metadata);
    },
  ],
  [
    'RotationNotCompleted',
    'warning',
    patched(
      clusters,
      shootSpec({
        status: {
          credentials: { rotation: { certificateAuthorities: { phase: 'Prepared', lastInitiationTime: time } } },
        },
      }),
      shootSpec({ status: { credentials: null } }),
    ),
  ],
  ['MachineImageNotInProfile', 'warning', patched(workers, pools('22.4'), pools('24.4'))],
  ['MachineImageNotConfigured', 'warning', patched(workers, pools('22.4'), pools('24.4'))],
  ...(
    [
      ['FirewallImageNotInProfile', { image: 'firewall-ubuntu-2.0' }, { image: 'firewall-ubuntu-3.0' }],
      ['FirewallControllerNotInProfile', { controllerVersion: 'v1.0.0' }, { controllerVersion: 'v2.5.0' }],
    ] as const
  ).map(([kind, change, restore]) => {
    const of = (spec: object) => ({ spec: { template: { spec } } });
    return [kind, 'warning', patched(firewallDeployments, of(change), of(restore))] as const;
  }),
  [
    'WebhookWithoutService',
    'error',
    async ({ seed }) => {
      const metadata = { name: 'gardener-extension-provider-metal' };
      const clientConfig = { service: { namespace: 'extension-provider-metal', name: metadata.name, path: '/x' } };
      const webhook = { name: 'a.metal.dev', clientConfig, sideEffects: 'None', admissionReviewVersions: ['v1'] };
      await seed.client.create(webhookConfigurations.mutating, { metadata, webhooks: [webhook] } as KubeObject);
      return () => seed.client.delete(webhookConfigurations.mutating, metadata);
    },
  ],
  [
    'LeaseStale',
    'error',
    async ({ seed }) => {
      const key = { namespace: 'extension-provider-metal', name: 'gardener-extension-heartbeat' };
      await seed.client.mergePatch(leases, key, { spec: { renewTime: microTime(Date.now()) } });
      return () => beat(seed.client);
    },
  ],
  [
    'ConditionEveryNodeReady',
    'error',
    patched(
      workers,
      { status: { conditions: [{ ...condition, lastTransitionTime: time, lastUpdateTime: time }] } },
      { status: { conditions: null } },
      'status',
    ),
  ],
  [
    'OperationFailed',
    'error',
    patched(
      controlPlanes,
      { status: { lastOperation: { state: 'Error' }, lastError: { description: 'no luck' } } },
      { status: { lastOperation: { state: 'Succeeded' }, lastError: null } },
      'status',
    ),
  ],
  [
    'ShootUnknown',
    'error',
    async ({ seed }) => {
      const name = 'shoot--test--stranger';
      const shoot = {
        metadata: { name: 'stranger', namespace: 'garden-x', uid: randomUUID() },
        spec: { provider: { type: 'metal' } },
      };
      await seed.client.create(clusters, {
        metadata: { name },
        spec: { shoot, seed: {}, cloudProfile: { metadata: { name: 'p' }, spec: {} } },
      });
      return () => seed.client.delete(clusters, { name });
    },
  ],
];
