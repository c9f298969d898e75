import type { Release } from '../../doctor.ts';
import { networksOf } from '../infrastructure/node-network.ts';
import { planIpRelease } from '../infrastructure/release.ts';
import type { Scope } from '../infrastructure/scope.ts';
import type { Ip, Machine, Network } from '../metal-api/types.ts';
import { CLUSTER_PROJECT, isClusterTag, isTagOf } from '../tags.ts';
import { isWhollyOf } from '../worker/force-delete.ts';
import { type Holdings, nameOfIp, nameOfMachine, nameOfNetwork } from './holdings.ts';

/** Something at metal-api that says of itself whose it is. */
export interface Claimed {
  readonly resource: 'machine' | 'ip' | 'network';
  readonly id: string;
  readonly object: string;
  readonly created: string | null | undefined;
  /** Ids of all clusters that it names. */
  readonly clusterIDs: readonly string[];
  /** Whether it may be released when this cluster is no more, by the rules of the deletion and more strictly. */
  isWholly(clusterID: string): boolean;
}

/** The cluster that a tag names; what the cluster uses the thing for stands behind a slash. */
const clusterIDOf = (tag: string): string => /^[^=]*=([^/]*)/.exec(tag)?.[1] ?? '';

const clusterIDsOf = (tags: readonly string[]): string[] => [
  ...new Set(tags.filter(isClusterTag).map(clusterIDOf).filter(Boolean)),
];

/** Everything of a project that names a cluster, in the order in which it can be released: networks must be empty. */
export function claimedIn({ projectID, machines, ips, networks }: Holdings): readonly Claimed[] {
  const all = [
    ...machines.filter(({ allocation }) => allocation).map((machine) => claimedMachine(machine, projectID)),
    ...ips.map((ip) => claimedIp(ip, projectID)),
    ...networks.map((network) => claimedNetwork(network, projectID)),
  ];
  return all.filter(({ clusterIDs }) => clusterIDs.length > 0);
}

const scopeIn = (projectID: string, clusterID: string): Scope => ({ projectID, clusterID, partitionID: '' });

function claimedMachine(machine: Machine, projectID: string): Claimed {
  const { id, tags, allocation } = machine;
  const isOtherProject = (tag: string) => tag.startsWith(`${CLUSTER_PROJECT}=`) && clusterIDOf(tag) !== projectID;
  return {
    ...{ resource: 'machine', id, object: nameOfMachine(machine), created: allocation?.created },
    clusterIDs: clusterIDsOf(tags),
    isWholly: (clusterID) => isWhollyOf(machine, scopeIn(projectID, clusterID)) && !tags.some(isOtherProject),
  };
}

/** With any tag that is not this cluster's, someone else may use the address. */
function claimedIp(ip: Ip, projectID: string): Claimed {
  const { ipaddress, tags, created } = ip;
  return {
    ...{ resource: 'ip', id: ipaddress, object: nameOfIp(ip), created },
    clusterIDs: clusterIDsOf(tags),
    isWholly: (clusterID) => {
      const [release] = planIpRelease([ip], scopeIn(projectID, clusterID));
      return release?.kind === 'free' && tags.every((tag) => isTagOf(tag, clusterID));
    },
  };
}

function claimedNetwork(network: Network, projectID: string): Claimed {
  const { id, labels, created, privatesuper } = network;
  const tags = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return {
    ...{ resource: 'network', id, object: nameOfNetwork(network), created },
    clusterIDs: clusterIDsOf(tags),
    isWholly: (clusterID) =>
      !privatesuper &&
      networksOf([network], scopeIn(projectID, clusterID)).length > 0 &&
      tags.every((tag) => isTagOf(tag, clusterID)),
  };
}

export const releaseOf = ({ resource, id }: Claimed, account: string, clusterID: string): Release => ({
  action: 'release',
  ...{ resource, id, account, clusterID },
});
