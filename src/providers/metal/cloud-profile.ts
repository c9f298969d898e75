import type { Cluster } from '../../apis/extensions/cluster.ts';
import {
  type CloudProfileConfig,
  cloudProfileConfig,
  type MetalControlPlane,
} from '../../apis/metal/cloud-profile-config.ts';
import { decode } from './decode.ts';
import { configurationProblem } from './errors.ts';

function decodeCloudProfileConfig(cluster: Cluster): CloudProfileConfig {
  const profile = cluster.spec.cloudProfile;
  return decode(
    cloudProfileConfig,
    profile?.spec.providerConfig,
    `providerConfig of the CloudProfile ${profile?.metadata.name ?? ''}`,
  );
}

/** The metal-stack installation that serves a partition. Naming a partition twice is refused: which one is meant? */
function findMetalControlPlane(config: CloudProfileConfig, partitionID: string): MetalControlPlane {
  const serving = Object.entries(config.metalControlPlanes ?? {}).filter(([, plane]) =>
    Object.hasOwn(plane.partitions ?? {}, partitionID),
  );
  const [only] = serving;
  if (!only) {
    throw configurationProblem(`no metal control plane found for partition ${partitionID} in cloud profile config`);
  }
  if (serving.length > 1) {
    const names = serving.map(([name]) => name).sort();
    throw configurationProblem(
      `partition ${partitionID} is listed in several metal control planes of the cloud profile config: ${names.join(', ')}`,
    );
  }
  return only[1];
}

/** What the cloud profile config says of the installation that serves a partition. */
export function metalControlPlaneOf(cluster: Cluster, partitionID: string): MetalControlPlane {
  return findMetalControlPlane(decodeCloudProfileConfig(cluster), partitionID);
}

/** Base URL of the metal-api that serves a partition. */
export function endpointOf(cluster: Cluster, partitionID: string): string {
  const { endpoint } = metalControlPlaneOf(cluster, partitionID);
  const url = endpoint === undefined ? null : URL.parse(endpoint);
  if (!endpoint || !url || !['http:', 'https:'].includes(url.protocol)) {
    throw configurationProblem(
      `the endpoint of the metal control plane of partition ${partitionID} in the cloud profile config is not an http(s) URL`,
    );
  }
  return endpoint;
}

/** What the cloud profile config says of a partition. */
export function partitionOf(cluster: Cluster, partitionID: string): Partition {
  const { partitions } = metalControlPlaneOf(cluster, partitionID);
  return partitions?.[partitionID] ?? {};
}

type Partition = NonNullable<MetalControlPlane['partitions']>[string];
