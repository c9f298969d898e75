import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import type { ShootObject } from '../gardenlet/shoot.ts';
import type { ClusterState } from './cluster-state.ts';

interface MetalNetwork {
  readonly id: string;
  readonly name?: string;
  readonly partitionid?: string;
  readonly projectid?: string;
  readonly prefixes: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

interface MetalIp {
  readonly ipaddress: string;
  readonly networkid: string;
  readonly type: string;
  readonly tags?: readonly string[];
}

interface MetalMachine {
  readonly id: string;
  readonly partitionid?: string;
  readonly sizeid?: string;
  readonly allocation?: { readonly name?: string; readonly hostname?: string; readonly role?: string };
  readonly tags?: readonly string[];
}

/** What metal-api holds; only what is shown. */
export interface MetalState {
  readonly networks: readonly MetalNetwork[];
  readonly ips: readonly MetalIp[];
  readonly machines: readonly MetalMachine[];
}

export interface Outcome {
  /** `namespace/name` */
  readonly shoot: string;
  readonly technicalID: string;
  readonly ready: boolean;
  /** Only when it is not ready. */
  readonly reason?: string;
  /** From the moment the Shoot was applied. */
  readonly seconds: number;
  readonly infrastructure: { readonly nodesCIDR: string | null; readonly egressCIDRs: readonly string[] };
  readonly metal: MetalState & { readonly firewalls: readonly MetalMachine[] };
  readonly cluster: ClusterState;
}

const clusterLabel = 'cluster.metal-stack.io/id';

/** The part of metal-api's state that belongs to one cluster, by its uid. */
export function ofCluster(state: MetalState, uid: string): Outcome['metal'] {
  const isOwn = (tags: readonly string[] = []): boolean =>
    tags.some((tag) => {
      const [key = '', value = ''] = tag.split('=', 2);
      return key.startsWith(clusterLabel) && (value === uid || value.startsWith(`${uid}/`));
    });
  const machines = state.machines.filter((machine) => isOwn(machine.tags));
  const isFirewall = ({ allocation }: MetalMachine): boolean => allocation?.role === 'firewall';
  return {
    networks: state.networks.filter(({ labels }) => labels?.[clusterLabel] === uid).map(slimNetwork),
    ips: state.ips.filter(({ tags }) => isOwn(tags)).map(slimIp),
    machines: machines.filter((machine) => !isFirewall(machine)).map(slimMachine),
    firewalls: machines.filter(isFirewall).map(slimMachine),
  };
}

const slimNetwork = ({ id, name = '', partitionid = '', projectid = '', prefixes, labels = {} }: MetalNetwork) => ({
  ...{ id, name, partitionid, projectid, prefixes, labels },
});
const slimIp = ({ ipaddress, networkid, type, tags = [] }: MetalIp) => ({ ipaddress, networkid, type, tags });
const slimMachine = ({ id, partitionid = '', sizeid = '', tags = [], allocation }: MetalMachine) => ({
  ...{ id, partitionid, sizeid, tags },
  ...(allocation?.hostname ? { allocation: { hostname: allocation.hostname } } : {}),
});

/** Everything that is told about a Shoot at the end. */
export function outcomeOf(
  shoot: ShootObject | undefined,
  infrastructure: Infrastructure | undefined,
  state: MetalState,
  cluster: ClusterState,
  result: { readonly shoot: string; readonly seconds: number; readonly reason?: string | undefined },
): Outcome {
  return {
    shoot: result.shoot,
    technicalID: shoot?.status?.technicalID ?? '',
    ready: result.reason === undefined,
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    seconds: result.seconds,
    infrastructure: {
      nodesCIDR: infrastructure?.status?.nodesCIDR ?? null,
      egressCIDRs: infrastructure?.status?.egressCIDRs ?? [],
    },
    metal: ofCluster(state, shoot?.metadata.uid ?? 'none'),
    cluster,
  };
}
