import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { userDataSecret } from '../../landscape/gardenlet/operating-system-config.ts';
import type { ShootObject } from '../../landscape/gardenlet/shoot.ts';
import { FIREWALL_SIZE } from '../../landscape/metal-api/fixture.ts';
import { clusters } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
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

const core = { group: '', version: 'v1' } as const;
const namespaces = defineResource({ ...core, kind: 'Namespace', plural: 'namespaces', namespaced: false });
const configMaps = defineResource({ ...core, kind: 'ConfigMap', plural: 'configmaps', namespaced: true });
const dnsRecords = defineResource({
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'DNSRecord',
  plural: 'dnsrecords',
  namespaced: true,
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const sshPublicKey = base64(`ssh-rsa ${'A'.repeat(372)}\n`);

export async function readBlueprint(metalApiUrl: string): Promise<Blueprint> {
  const read = async <T>(file: string): Promise<T> => {
    const text = await readFile(new URL(`../../example/${file}`, import.meta.url), 'utf8');
    return loadAll(text)[0] as T;
  };
  const [shoot, profile] = [await read<ShootObject>('shoot.yaml'), await read<Profile>('cloudprofile.yaml')];
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

/** The controllers' configuration: the machine images that the Shoots have. */
export async function writeConfiguration(dir: string, { shoot }: Blueprint): Promise<string> {
  const images = (shoot.spec.provider.workers ?? []).map(({ machine }) => ({
    ...machine?.image,
    image: 'ubuntu-24.4',
  }));
  const file = join(dir, 'bench-controllers.json');
  const apiVersion = 'metal.provider.extensions.config.gardener.cloud/v1alpha1';
  await writeFile(
    file,
    JSON.stringify({ apiVersion, kind: 'ControllerConfiguration', machineImages: images.slice(0, 1) }),
  );
  return file;
}

/** What a seed has once, and the firewalls ask for. */
export async function furnishSeed(client: KubeClient): Promise<void> {
  await client.create(namespaces, { metadata: { name: 'garden' } });
  const url = { data: { url: 'https://api.seed.example.com' } };
  await client.create(configMaps, { metadata: { namespace: 'garden', name: 'seed-api-server' }, ...url });
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
      ...{ spec: { ...record, values: ['203.0.113.1'] } },
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
