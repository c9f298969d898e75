import type { DnsRecord } from '../apis/extensions/dns-record.ts';
import type { Infrastructure } from '../apis/extensions/infrastructure.ts';
import { clusters, controlPlanes, dnsRecords, infrastructures, workers } from '../apis/extensions/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import { deployments } from '../kube/deployment.ts';
import { applyMergePatch } from '../kube/memory/patch.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Resource } from '../kube/resource.ts';
import { type Secret, secrets } from '../kube/secret.ts';
import type { Environment } from './environment.ts';
import { withKnownNames } from './gardenlet/adopted-pools.ts';
import { clusterObject } from './gardenlet/cluster.ts';
import { controlPlaneObject } from './gardenlet/control-plane.ts';
import { infrastructureObject, networkingStatus } from './gardenlet/infrastructure.ts';
import { userDataKey, workerObject } from './gardenlet/worker.ts';

/** For documentation only (RFC 5737, RFC 3849). */
const documentationAddresses = { A: '192.0.2.1', AAAA: '2001:db8::1' } as const;

export interface Gardenlet {
  /** Cluster, credentials and Infrastructure. */
  beforeInfrastructure(): Promise<void>;
  /** The node network goes into the Shoot; address of the API server and ControlPlane. */
  beforeControlPlane(): Promise<void>;
  /** User data and Worker. */
  beforeWorker(): Promise<void>;
}

/** What gardenlet does for a Shoot in its seed between the runs of the extension, as far as the extension sees it. */
export function createGardenlet(
  client: KubeClient,
  { namespace, shoot: given, seed, profile, credentials }: Environment,
  assume: (what: string) => void,
): Gardenlet {
  let shoot = given;
  const key = { namespace, name: shoot.metadata.name };

  const write = async <T extends KubeObject>(resource: Resource<T>, object: T): Promise<void> => {
    const live = await client.find(resource, object.metadata);
    if (live) await client.replace(resource, overlaid(live, object));
    else await client.create(resource, object);
  };
  /** Of what others than gardenlet fill with life, what is there is right. */
  const ensure = async <T extends KubeObject>(resource: Resource<T>, object: T, assumption?: string): Promise<void> => {
    if (await client.find(resource, object.metadata)) return;
    if (assumption) assume(assumption);
    await client.create(resource, object);
  };
  const syncCluster = () => write(clusters, clusterObject(namespace, shoot, seed, profile) as never);

  const sshPublicKey = async (): Promise<string | undefined> => {
    const { workers: pools = [], workersSettings } = shoot.spec.provider;
    if (pools.length === 0 || workersSettings?.sshAccess?.enabled === false) return undefined;
    const labelSelector = 'managed-by=secrets-manager,manager-identity=gardenlet,name=ssh-keypair';
    const { items } = await client.list(secrets, { namespace, labelSelector });
    const issuedAt = ({ metadata }: Secret) => Number(metadata.labels?.['issued-at-time']) || 0;
    const newest = items.toSorted((a, b) => issuedAt(b) - issuedAt(a))[0];
    if (newest) return newest.data?.['id_rsa.pub'];
    assume('the SSH key of the nodes is ssh-rsa <generated>, gardenlet makes one');
    const made = await client.create(secrets, sshKeypair(namespace));
    return made.data?.['id_rsa.pub'];
  };

  return {
    async beforeInfrastructure() {
      await syncCluster();
      if (credentials) await write(secrets, credentials);
      const { infrastructureConfig } = shoot.spec.provider;
      const content = { infrastructureConfig, sshPublicKey: await sshPublicKey() };
      await write(infrastructures, infrastructureObject(namespace, shoot, content));
    },
    async beforeControlPlane() {
      const { status } = await client.get<Infrastructure>(infrastructures, key);
      const networking = networkingStatus(status);
      const nodes = shoot.spec.networking?.nodes ?? networking.nodes?.[0];
      shoot = {
        ...shoot,
        spec: { ...shoot.spec, networking: { ...shoot.spec.networking, ...(nodes ? { nodes } : {}) } },
        status: { ...shoot.status, networking },
      };
      await syncCluster();
      await ensure(deployments, kubeApiServer(namespace, shoot));
      const record = dnsRecord(namespace, shoot);
      await ensure(dnsRecords, record, `the API server of the Shoot has the address ${record.spec.values}`);
      await write(controlPlanes, controlPlaneObject(namespace, shoot, status?.providerStatus));
    },
    async beforeWorker() {
      const { status } = await client.get<Infrastructure>(infrastructures, key);
      const existing = await client.find(workers, key);
      const worker = workerObject(namespace, shoot, {
        cloudProfile: profile,
        infrastructureProviderStatus: status?.providerStatus,
        sshPublicKey: await sshPublicKey(),
        existing,
      });
      const named = withKnownNames(worker, existing);
      for (const { name, userDataSecretRef } of named.spec.pools ?? []) {
        if (!userDataSecretRef) continue;
        const userData = userDataSecret(namespace, userDataSecretRef.name);
        await ensure(
          secrets,
          userData,
          `the user data of pool ${name} is there, the operating system extension makes it`,
        );
      }
      await write(workers, named);
    },
  };
}

/** Each field of a spec as a whole: what is gone from the Shoot is gone from there, too. */
function overlaid<T extends KubeObject & { readonly spec?: object }>(live: T, object: T): T {
  const merged = applyMergePatch(live, object) as T;
  return object.spec ? { ...merged, spec: { ...live.spec, ...object.spec } } : merged;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function sshKeypair(namespace: string): Secret {
  const labels = { name: 'ssh-keypair', 'managed-by': 'secrets-manager', 'manager-identity': 'gardenlet' };
  const data = { 'id_rsa.pub': base64('ssh-rsa <generated>'), id_rsa: base64('<generated>') };
  return { metadata: { name: 'ssh-keypair', namespace, labels }, type: 'Opaque', data };
}

function userDataSecret(namespace: string, name: string): Secret {
  return { metadata: { name, namespace }, type: 'Opaque', data: { [userDataKey]: base64('<generated>') } };
}

/** Of its Deployment only the replicas are looked at; they go when the Shoot is hibernated, not when it is to be. */
function kubeApiServer(namespace: string, { spec, status }: Environment['shoot']) {
  const replicas = spec.hibernation?.enabled && status?.hibernated ? 0 : 1;
  return { metadata: { name: 'kube-apiserver', namespace }, spec: { replicas } };
}

function dnsRecord(namespace: string, { metadata, spec }: Environment['shoot']): DnsRecord {
  const recordType = spec.networking?.ipFamilies?.[0] === 'IPv6' ? 'AAAA' : 'A';
  return {
    metadata: { name: `${metadata.name}-external`, namespace },
    spec: {
      type: 'assumed',
      secretRef: { name: 'dns', namespace },
      name: `api.${spec.dns?.domain}`,
      recordType,
      values: [documentationAddresses[recordType]],
    },
  };
}
