import type { ApiObject, ApiResource } from '../object.ts';

/** firewall.metal-stack.io/v2, the kinds of firewall-controller-manager (metal-components C.2). */

const group = 'firewall.metal-stack.io';
const version = 'v2';

/** What a firewall is made from and configured with. */
export interface FirewallSpec {
  size?: string;
  image?: string;
  partition?: string;
  project?: string;
  networks?: readonly string[];
  userdata?: string;
  sshPublicKeys?: readonly string[];
  /** MiB per second. */
  rateLimits?: readonly { networkID: string; rate: number }[];
  internalPrefixes?: readonly string[];
  egressRules?: readonly { networkID: string; ips: readonly string[] }[];
  interval?: string;
  controllerVersion?: string;
  controllerURL?: string;
  nftablesExporterVersion?: string;
  nftablesExporterURL?: string;
  logAcceptedConnections?: boolean;
  dnsServerAddress?: string;
  dnsPort?: number;
  allowedNetworks?: { ingress?: readonly string[]; egress?: readonly string[] };
}

export interface FirewallTemplate {
  metadata?: { labels?: Readonly<Record<string, string>> };
  spec?: FirewallSpec;
}

export interface FirewallDeployment extends ApiObject {
  spec?: {
    strategy?: 'RollingUpdate' | 'Recreate';
    replicas?: number;
    autoUpdate?: { machineImage?: boolean };
    selector?: Readonly<Record<string, string>>;
    template?: FirewallTemplate;
  };
  status?: {
    targetReplicas?: number;
    progressingReplicas?: number;
    readyReplicas?: number;
    unhealthyReplicas?: number;
    observedRevision?: number;
    conditions?: readonly FirewallCondition[];
  };
}

export interface FirewallCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface FirewallSet extends ApiObject {
  spec?: { replicas?: number; selector?: Readonly<Record<string, string>>; template?: FirewallTemplate };
}

export interface Firewall extends ApiObject {
  spec?: FirewallSpec;
  /** At the root, not in the spec. */
  distance?: number;
  status?: {
    phase?: string;
    machineStatus?: { machineID?: string; liveliness?: string; imageID?: string };
    firewallNetworks?: readonly unknown[];
    conditions?: readonly FirewallCondition[];
  };
}

export const firewallDeployments: ApiResource<FirewallDeployment> = {
  group,
  version,
  kind: 'FirewallDeployment',
  plural: 'firewalldeployments',
  namespaced: true,
};

export const firewallSets: ApiResource<FirewallSet> = {
  group,
  version,
  kind: 'FirewallSet',
  plural: 'firewallsets',
  namespaced: true,
};

export const firewalls: ApiResource<Firewall> = {
  group,
  version,
  kind: 'Firewall',
  plural: 'firewalls',
  namespaced: true,
};
