import { CLUSTER_ID, egressTag } from '../providers/metal/tags.ts';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';
import type { LiveCluster } from './live.ts';
import type { MetalApiState } from './metal-api.ts';

/** What it has a value for does not matter. */
const DEFAULT_EXTERNAL = 'network.metal-stack.io/default-external';

const blank = { description: undefined, labels: {}, created: undefined };

/**
 * A metal-api that has what the Shoot names: networks of the firewall and egress IPs, free or, when the Shoot had them
 * before, its own; and the node network if there is one.
 */
export function assumedMetalApi(
  shoot: GardenShoot,
  live: LiveCluster | undefined,
  assume: (what: string) => void,
): MetalApiState {
  const { project, partition, networks } = writtenIn(shoot);
  const ids = [...new Set(networks)];
  const claimed = new Map(live ? egressOf(live.shoot) : []);
  const egress = new Map([...egressOf(shoot), ...claimed]);
  const fresh = [...egress.keys()].filter((address) => !claimed.has(address));
  const nodes = shoot.spec.networking?.nodes;
  if (ids.length > 0)
    assume(`metal-api has the networks ${ids.join(', ')}, the first is the default for load balancers`);
  if (fresh.length > 0) assume(`the project has the unused IPs ${fresh.join(', ')}`);
  if (claimed.size > 0) assume(`the Shoot has the egress IPs ${[...claimed.keys()].join(', ')} at metal-api`);
  if (nodes) assume(`the project has a private network ${nodes}`);
  const uid = shoot.metadata.uid ?? '';
  const own = {
    ...blank,
    id: live?.nodeNetworkID ?? '<given>',
    prefixes: [nodes ?? ''],
    projectid: project,
    partitionid: partition,
    labels: live ? { [CLUSTER_ID]: uid } : {},
  };
  return {
    networks: [...ids.map((id, index) => externalNetwork(id, index === 0)), ...(nodes ? [own] : [])],
    ips: [...egress].map(([ipaddress, networkid]) => ({
      ...{ ipaddress, networkid, projectid: project, type: 'static' },
      tags: claimed.has(ipaddress) ? [egressTag(uid)] : [],
    })),
    machines: [],
  };
}

function externalNetwork(id: string, isDefault: boolean): MetalApiState['networks'][number] {
  const labels: Record<string, string> = isDefault ? { [DEFAULT_EXTERNAL]: '' } : {};
  return { ...blank, id, prefixes: [], projectid: undefined, partitionid: undefined, labels };
}

/** Nothing of it is checked yet: admission comes later. */
function writtenIn({ spec }: GardenShoot) {
  const { projectID, partitionID, firewall } = fieldsOf(spec.provider.infrastructureConfig);
  const { networks, egressRules } = fieldsOf(firewall);
  return {
    project: text(projectID),
    partition: text(partitionID),
    networks: texts(networks),
    egressRules: listOf(egressRules).map(fieldsOf),
  };
}

/** Network by address. */
function egressOf(shoot: GardenShoot): readonly [string, string | undefined][] {
  return writtenIn(shoot).egressRules.flatMap(({ networkID, ips }) =>
    texts(ips).map((address): [string, string | undefined] => [address, text(networkID)]),
  );
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: unknown): string[] => listOf(value).flatMap((item) => text(item) ?? []);
