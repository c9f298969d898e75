import { firewallDeployments } from '../../src/apis/firewall/firewall.ts';
import { clusterwideNetworkPolicies } from '../../src/apis/firewall/network-policy.ts';
import { machineDeployments } from '../../src/apis/machine/machine.ts';
import { type ManagedResource, managedResources } from '../../src/apis/resources/managed-resource.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Node, nodes } from '../hardware/node-resource.ts';
import { deployments } from '../pods/deployment.ts';

/** What stands in the seed and in the shoot for a cluster; only what is shown. */
export interface ClusterState {
  readonly managedResources: readonly { readonly name: string; readonly healthy: boolean }[];
  readonly loadBalancer: { readonly kind: string; readonly defaultNetwork: string } | null;
  readonly firewall: FirewallState | null;
  /** By name, what each lets through: `TCP 443 to 0.0.0.0/0`. */
  readonly policies: readonly { readonly name: string; readonly allows: readonly string[] }[];
  readonly machineDeployments: readonly {
    readonly name: string;
    readonly replicas: number;
    readonly available: number;
    readonly class: string;
  }[];
  readonly nodes: readonly { readonly name: string; readonly ready: boolean }[];
}

interface FirewallState {
  readonly image: string;
  readonly networks: readonly string[];
  /** `internet from 203.0.113.10` */
  readonly egress: readonly string[];
  /** `internet 100 MiB/s` */
  readonly rateLimits: readonly string[];
  readonly ready: string;
}

export const noCluster: ClusterState = {
  managedResources: [],
  loadBalancer: null,
  firewall: null,
  policies: [],
  machineDeployments: [],
  nodes: [],
};

/** Reads what the extension has brought about, from the seed's namespace and from the shoot. */
export async function readCluster(seed: KubeClient, shoot: KubeClient, namespace: string): Promise<ClusterState> {
  const [resources, firewall, machines, ccm, policies, joined] = await Promise.all([
    seed.list(managedResources, { namespace }),
    seed.find(firewallDeployments, { namespace, name: 'shoot-firewall' }),
    seed.list(machineDeployments, { namespace }),
    seed.find(deployments, { namespace, name: 'cloud-controller-manager' }),
    shoot.list(clusterwideNetworkPolicies, { namespace: 'firewall' }).catch(() => ({ items: [] })),
    shoot.list(nodes),
  ]);
  const env = ccm?.spec.template.spec.containers[0]?.env ?? [];
  const value = (name: string): string => env.find((entry) => entry.name === name)?.value ?? '';
  const { spec, status } = firewall ?? {};
  const { image = '', networks = [], egressRules = [], rateLimits = [] } = spec?.template?.spec ?? {};
  return {
    managedResources: resources.items.map((item) => ({ name: item.metadata.name, healthy: isHealthy(item) })),
    loadBalancer: ccm
      ? { kind: value('LOADBALANCER'), defaultNetwork: value('METAL_DEFAULT_EXTERNAL_NETWORK_ID') }
      : null,
    firewall: firewall
      ? {
          image,
          networks,
          egress: egressRules.map(({ networkID, ips }) => `${networkID} from ${ips.join(', ')}`),
          rateLimits: rateLimits.map(({ networkID, rate }) => `${networkID} ${rate} MiB/s`),
          ready: `${status?.readyReplicas ?? 0} of ${status?.targetReplicas ?? spec?.replicas ?? 0} ready`,
        }
      : null,
    policies: policies.items.map(({ metadata, spec: { egress = [] } }) => ({
      name: metadata.name,
      allows: egress.map(({ ports, to = [], toFQDNs = [] }) => {
        const where = [...to.map(({ cidr }) => cidr), ...toFQDNs.map(({ matchName = '' }) => matchName)];
        return `${ports.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')} to ${where.join(', ')}`;
      }),
    })),
    machineDeployments: machines.items.map((item) => ({
      name: item.metadata.name,
      replicas: item.spec.replicas ?? 0,
      available: item.status?.availableReplicas ?? 0,
      class: item.spec.template.spec.class.name,
    })),
    nodes: joined.items.map((node) => ({ name: node.metadata.name, ready: isTrue(node, 'Ready') })),
  };
}

const isTrue = ({ status }: Node | ManagedResource, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

const isHealthy = (resource: ManagedResource): boolean =>
  ['ResourcesApplied', 'ResourcesHealthy'].every((type) => isTrue(resource, type));
