import { randomUUID } from 'node:crypto';
import { clusters, infrastructures } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

export interface PlainSecret extends KubeObject {
  stringData?: Record<string, string>;
}

export const secrets = defineResource<PlainSecret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
});

export interface TestShootOptions {
  readonly type: string;
  readonly class?: string;
  readonly providerConfig?: unknown;
  readonly cloudProfileConfig?: unknown;
  /** Data of the Secret `cloudprovider`, in plain text; none when absent. */
  readonly credentials?: Record<string, string>;
  /** Instead of a request to reconcile. */
  readonly annotations?: Record<string, string>;
  readonly shootState?: string;
  readonly forceDelete?: boolean;
}

/** What gardenlet would have made in a seed for one Shoot: namespace, Cluster, Infrastructure. */
export interface TestShoot {
  readonly namespace: string;
  readonly key: { readonly namespace: string; readonly name: string };
  /** UID of the Shoot: the cluster id at metal-api. */
  readonly uid: string;
  /** Of the last request. */
  readonly timestamp: string;
  /** Asks for an operation as gardenlet does. */
  ask(operation: string): Promise<void>;
}

const now = () => new Date().toISOString().replace('Z', '000000Z');

/** Everything that is there before gardenlet orders the Infrastructure. */
export interface PreparedShoot {
  order(): Promise<TestShoot>;
}

export async function createShoot(client: KubeClient, options: TestShootOptions): Promise<TestShoot> {
  return (await prepareShoot(client, options)).order();
}

export async function prepareShoot(client: KubeClient, options: TestShootOptions): Promise<PreparedShoot> {
  const uid = randomUUID();
  const name = `s${uid.slice(0, 7)}`;
  const namespace = `shoot--test--${name}`;
  await client.create(namespaces, { metadata: { name: namespace } });
  await client.create(clusters, { metadata: { name: namespace }, spec: clusterSpec(name, uid, options) });
  if (options.credentials) {
    await client.create(secrets, { metadata: { namespace, name: 'cloudprovider' }, stringData: options.credentials });
  }
  return { order: () => order(client, { namespace, name }, uid, options) };
}

function clusterSpec(name: string, uid: string, options: TestShootOptions): object {
  const apiVersion = 'core.gardener.cloud/v1beta1';
  const providerConfig = options.cloudProfileConfig ? { providerConfig: options.cloudProfileConfig } : {};
  const forceDeletion = { annotations: { 'confirmation.gardener.cloud/force-deletion': 'true' } };
  return {
    cloudProfile: {
      apiVersion,
      kind: 'CloudProfile',
      metadata: { name: 'metal' },
      spec: { type: 'metal', ...providerConfig },
    },
    seed: { apiVersion, kind: 'Seed', metadata: { name: 'seed' } },
    shoot: {
      apiVersion,
      kind: 'Shoot',
      metadata: {
        name,
        namespace: 'garden-test',
        uid,
        creationTimestamp: null,
        ...(options.forceDelete ? forceDeletion : {}),
      },
      spec: { region: 'fra' },
      status: { lastOperation: { state: options.shootState ?? 'Processing', type: 'Create' } },
    },
  };
}

async function order(
  client: KubeClient,
  key: TestShoot['key'],
  uid: string,
  options: TestShootOptions,
): Promise<TestShoot> {
  let timestamp = now();
  await client.create(infrastructures, {
    metadata: {
      ...key,
      annotations: options.annotations ?? {
        'gardener.cloud/operation': 'reconcile',
        'gardener.cloud/timestamp': timestamp,
      },
    },
    spec: {
      type: options.type,
      ...(options.class ? { class: options.class } : {}),
      region: 'fra',
      secretRef: { name: 'cloudprovider', namespace: key.namespace },
      ...(options.providerConfig ? { providerConfig: options.providerConfig } : {}),
    },
  });
  return {
    namespace: key.namespace,
    uid,
    key,
    get timestamp() {
      return timestamp;
    },
    async ask(operation) {
      timestamp = now();
      await client.mergePatch(infrastructures, key, {
        metadata: { annotations: { 'gardener.cloud/operation': operation, 'gardener.cloud/timestamp': timestamp } },
      });
    },
  };
}
