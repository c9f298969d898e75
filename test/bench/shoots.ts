import { randomUUID } from 'node:crypto';
import { readExample } from '../../landscape/garden/manifests.ts';
import { userDataSecret } from '../../landscape/gardenlet/operating-system-config.ts';
import type { ShootObject } from '../../landscape/gardenlet/shoot.ts';
import { seedApiServer } from '../../landscape/gardenlet/shoot-access.ts';
import { FIREWALL_SIZE } from '../../landscape/metal-api/fixture.ts';
import { clusters, dnsRecords } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { configMaps } from '../../src/kube/config-map.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { secrets } from '../../src/kube/secret.ts';
import { cloudProvider } from '../../src/plan/gardenlet/cloud-provider.ts';
import { clusterObject } from '../../src/plan/gardenlet/cluster.ts';
import { controlPlaneObject } from '../../src/plan/gardenlet/control-plane.ts';
import { infrastructureObject } from '../../src/plan/gardenlet/infrastructure.ts';
import { workerObject } from '../../src/plan/gardenlet/worker.ts';
import { webhookConfigurations } from '../../src/providers/metal/infrastructure/webhook-configurations.ts';
import type { Seed } from '../scene/seed.ts';

type Profile = Parameters<typeof workerObject>[2]['cloudProfile'] & {
  spec: { providerConfig: { metalControlPlanes: Record<string, { endpoint: string }> } };
};

/** What a Shoot of the bench is made from: the examples, with a second pool. */
export interface Blueprint {
  readonly shoot: ShootObject;
  readonly profile: Profile;
}

/** A Shoot of which everything is in the seed but the extension objects. */
export interface BenchShoot {
  readonly namespace: string;
  readonly infrastructure: KubeObject;
  readonly controlPlane: KubeObject;
  readonly worker: KubeObject;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const sshPublicKey = base64(`ssh-rsa ${'A'.repeat(372)}\n`);

export async function readBlueprint(metalApiUrl: string): Promise<Blueprint> {
  const read = async (file: string): Promise<unknown> => (await readExample(file))[0];
  const shoot = (await read('shoot.yaml')) as ShootObject;
  const profile = (await read('cloudprofile.yaml')) as Profile;
  for (const plane of Object.values(profile.spec.providerConfig.metalControlPlanes)) plane.endpoint = metalApiUrl;
  const { provider } = shoot.spec;
  const [pool] = provider.workers ?? [];
  const infrastructureConfig = provider.infrastructureConfig as { firewall: object };
  const firewall = {
    ...infrastructureConfig.firewall,
    size: FIREWALL_SIZE,
    image: 'firewall-ubuntu-3.0.20260112',
    egressRules: [],
  };
  const workers = pool ? ['group-0', 'group-1'].map((name) => ({ ...pool, name, minimum: 2, maximum: 2 })) : [];
  return {
    profile,
    shoot: {
      ...shoot,
      spec: {
        ...shoot.spec,
        provider: { ...provider, workers, infrastructureConfig: { ...infrastructureConfig, firewall } },
      },
    },
  };
}

/** Fields of the controllers' configuration: the machine image that the Shoots have. */
export function controllersConfig({ shoot }: Blueprint): object {
  const [pool] = shoot.spec.provider.workers ?? [];
  return { machineImages: pool ? [{ ...pool.machine?.image, image: 'ubuntu-24.4' }] : [] };
}

/** What a seed has once, and the firewalls ask for. */
export async function furnishSeed(client: KubeClient): Promise<void> {
  await client.create(namespaces, { metadata: { name: 'garden' } });
  await client.create(configMaps, seedApiServer('https://api.seed.example.com'));
}

export async function prepareShoot({ client }: Seed, { shoot: example, profile }: Blueprint): Promise<BenchShoot> {
  const uid = randomUUID();
  const name = `s${uid.slice(0, 7)}`;
  const namespace = `shoot--bench--${name}`;
  const shoot: ShootObject = {
    ...example,
    metadata: { ...example.metadata, name, uid },
    spec: { ...example.spec, dns: { domain: `${name}.bench.example.com` } },
    status: { technicalID: namespace, uid },
  };
  const seed = { metadata: { name: 'seed' }, spec: { provider: { type: 'metal', region: 'fra' } } };
  await client.create(namespaces, { metadata: { name: namespace } });
  const ssh = { name: 'ssh-keypair', 'managed-by': 'secrets-manager', 'manager-identity': 'gardenlet' };
  const source = { metadata: { name: 'source' }, data: { metalAPIHMac: base64('metal-admin') } };
  const [webhooks] = webhookConfigurations;
  const record = { type: 'powerdns', secretRef: { name: 'dns' }, name: `api.${name}`, recordType: 'A' };
  await Promise.all([
    client.create(clusters, clusterObject(namespace, shoot, seed, profile, 'generic-token-kubeconfig-1')),
    client.create(secrets, cloudProvider(namespace, source)),
    client.create(secrets, {
      metadata: { namespace, name: 'ssh-keypair-1', labels: { ...ssh, 'issued-at-time': '1700000000' } },
      data: { 'id_rsa.pub': sshPublicKey },
    }),
    client.create(dnsRecords, {
      metadata: { namespace, name: `${name}-external` },
      spec: { ...record, values: ['203.0.113.1'] },
    }),
    client.create(webhooks, { metadata: { name: `firewall-controller-manager-${namespace}` } }),
    ...(shoot.spec.provider.workers ?? []).map((pool) =>
      client.create(secrets, userDataSecret(namespace, shoot, pool)),
    ),
  ]);
  const { infrastructureConfig } = shoot.spec.provider;
  const given = { cloudProfile: profile, infrastructureProviderStatus: undefined, existing: undefined, sshPublicKey };
  return {
    namespace,
    infrastructure: infrastructureObject(namespace, shoot, { infrastructureConfig, sshPublicKey }),
    controlPlane: controlPlaneObject(namespace, shoot, undefined),
    worker: workerObject(namespace, shoot, given),
  };
}
