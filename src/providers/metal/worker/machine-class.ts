import type { WorkerPool } from '../../../apis/extensions/worker.ts';
import type { MachineClassContent } from '../../worker.ts';
import { CLUSTER_ID, CLUSTER_NAME, CLUSTER_PROJECT, isReservedKey } from '../tags.ts';
import { type Facts, sshPublicKeyOf } from './facts.ts';

/** What the machine controller orders machines by (metal-components E.2). */
interface ProviderSpec {
  readonly partition: string;
  readonly size: string;
  readonly image: string;
  readonly project: string;
  readonly network: string;
  readonly sshKeys: readonly string[];
  readonly tags: readonly string[];
  readonly dnsServers?: readonly { readonly ip: string }[];
  readonly ntpServers?: readonly { readonly address: string }[];
}

/**
 * Tags of a pool's machines, always in one order. A label of the pool never replaces a tag that says whose a machine is:
 * of two tags with one key metal-api keeps the last.
 */
function machineTags({ worker, namespace, scope }: Facts, pool: WorkerPool): string[] {
  const own: readonly (readonly [string, string])[] = [
    ['kubernetes.io/cluster', namespace],
    ['kubernetes.io/role', 'node'],
    ['node.kubernetes.io/instance-type', pool.machineType],
    ['topology.kubernetes.io/region', worker.spec.region],
    ['topology.kubernetes.io/zone', scope.partitionID],
    [CLUSTER_ID, scope.clusterID],
    [CLUSTER_NAME, namespace],
    [CLUSTER_PROJECT, scope.projectID],
  ];
  const taken = new Set(own.map(([key]) => key));
  const labels = Object.entries(pool.labels ?? {})
    .filter(([key]) => !taken.has(key) && !isReservedKey(key))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return [...own, ...labels].map(([key, value]) => `${key}=${value}`);
}

export function machineClassOf(facts: Facts, pool: WorkerPool, image: string): MachineClassContent {
  const { worker, scope, privateNetworkID, isolation } = facts;
  const sshKey = sshPublicKeyOf(worker);
  const { dnsServers = [], ntpServers = [] } = isolation ?? {};
  const providerSpec: ProviderSpec = {
    partition: scope.partitionID,
    size: pool.machineType,
    image,
    project: scope.projectID,
    network: privateNetworkID,
    sshKeys: sshKey ? [sshKey] : [],
    tags: machineTags(facts, pool),
    ...(dnsServers.length > 0 ? { dnsServers: dnsServers.map((ip) => ({ ip })) } : {}),
    ...(ntpServers.length > 0 ? { ntpServers: ntpServers.map((address) => ({ address })) } : {}),
  };
  const nodeTemplate = nodeTemplateOf(facts, pool);
  return {
    provider: 'metal',
    providerSpec,
    secretData: secretDataOf(facts),
    ...(nodeTemplate ? { nodeTemplate } : {}),
  };
}

/** What a node of the pool will be like, for the autoscaler to judge while there is none. It rolls nothing. */
function nodeTemplateOf({ worker, scope }: Facts, pool: WorkerPool): MachineClassContent['nodeTemplate'] {
  const { capacity, virtualCapacity } = pool.nodeTemplate ?? {};
  if (!capacity) return undefined;
  return {
    capacity,
    ...(virtualCapacity ? { virtualCapacity } : {}),
    instanceType: pool.machineType,
    region: worker.spec.region,
    zone: scope.partitionID,
    architecture: pool.architecture ?? 'amd64',
  };
}

/** The machine controller takes either key, and refuses both. */
function secretDataOf({ metalApi: { endpoint, credentials } }: Facts): Record<string, string> {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  const key =
    'hmac' in credentials ? { metalAPIHMac: encoded(credentials.hmac) } : { metalAPIKey: encoded(credentials.token) };
  return { metalAPIURL: encoded(endpoint), ...key };
}
