import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation, SeedFacts } from '../../admission.ts';

export const namespace = 'shoot--p--s';

interface ClusterParts {
  readonly version?: string;
  readonly networkAccessType?: string;
  readonly partitionID?: string;
  readonly isolated?: boolean;
  readonly workers?: readonly object[];
}

export const isolation = {
  allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['100.64.0.0/10'] },
  dnsServers: ['10.0.0.53'],
  ntpServers: ['10.0.0.123'],
  registryMirrors: [
    { name: 'local', endpoint: 'https://mirror.local', ip: '10.0.0.5', port: 443, mirrorOf: ['ghcr.io', 'quay.io'] },
  ],
};

/** A Cluster as gardenlet writes it, as far as mutations look at it. */
export function cluster(parts: ClusterParts = {}): Cluster {
  const { version = '1.33.2', networkAccessType, partitionID = 'fra', isolated = true, workers = [] } = parts;
  const metal = 'metal.provider.extensions.gardener.cloud/v1alpha1';
  return {
    metadata: { name: namespace },
    spec: {
      shoot: {
        metadata: { name: 's', namespace: 'garden-p' },
        spec: {
          region: 'dc',
          kubernetes: { version },
          provider: {
            type: 'metal',
            infrastructureConfig: {
              apiVersion: metal,
              kind: 'InfrastructureConfig',
              firewall: { image: 'firewall-3.0', size: 'n1', networks: ['internet'] },
              partitionID,
              projectID: 'p1',
            },
            ...(networkAccessType && {
              controlPlaneConfig: { apiVersion: metal, kind: 'ControlPlaneConfig', networkAccessType },
            }),
            workers: [...workers],
          },
        },
      },
      cloudProfile: {
        metadata: { name: 'metal' },
        spec: {
          regions: [{ name: 'dc', zones: [{ name: 'fra' }] }],
          providerConfig: {
            metalControlPlanes: {
              prod: {
                endpoint: 'https://api.metal.example',
                firewallControllerVersions: [{ version: 'v2.5.0', url: 'https://x', classification: 'supported' }],
                partitions: { fra: { ...(isolated && { networkIsolation: isolation }) } },
              },
            },
          },
        },
      },
    },
  } as Cluster;
}

const infrastructure: Infrastructure = {
  metadata: { name: 's', namespace },
  spec: { type: 'metal', region: 'dc', secretRef: { name: 'cloudprovider', namespace } },
  status: { nodesCIDR: '10.128.0.0/22', networking: { nodes: ['10.128.0.0/22', '2001:db8::/64'] } },
};

export const credentials = { metalAPIHMac: 'c2VjcmV0' };

/** Everything that a mutation may ask for. */
export function facts(parts: ClusterParts = {}): SeedFacts {
  return { namespace, cluster: cluster(parts), infrastructure, credentials };
}

export function workload(name: string, containers: readonly object[], template: object = {}): KubeObject {
  return {
    metadata: { name, namespace },
    spec: { template: { metadata: { labels: { app: name } }, ...template, spec: { containers } } },
  } as KubeObject;
}

/** What the mutations of that kind and name make of an object. */
export function mutated(
  mutations: readonly Mutation[],
  kind: Mutation['kind'],
  object: KubeObject,
  known: SeedFacts = facts(),
  old?: KubeObject,
): KubeObject {
  const { name } = object.metadata;
  return mutations
    .filter((one) => one.kind === kind)
    .filter(({ names }) => !names || (names instanceof RegExp ? names.test(name) : names.includes(name)))
    .reduce((result, mutation) => mutation.apply(result, known, old), object);
}
