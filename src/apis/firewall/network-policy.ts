import type { ApiObject, ApiResource } from '../object.ts';

interface Port {
  port: number;
  protocol: 'TCP' | 'UDP';
  endPort?: number;
}

interface Block {
  cidr: string;
  except?: readonly string[];
}

/** metal-stack.io/v1 ClusterwideNetworkPolicy (metal-components B.2): what the firewall lets through. */
export interface ClusterwideNetworkPolicy extends ApiObject {
  spec: {
    egress?: readonly {
      ports: readonly Port[];
      to?: readonly Block[];
      toFQDNs?: readonly { matchName?: string; matchPattern?: string }[];
    }[];
    ingress?: readonly { ports: readonly Port[]; from?: readonly Block[] }[];
  };
}

export const clusterwideNetworkPolicies: ApiResource<ClusterwideNetworkPolicy> = {
  group: 'metal-stack.io',
  version: 'v1',
  kind: 'ClusterwideNetworkPolicy',
  plural: 'clusterwidenetworkpolicies',
  namespaced: true,
};
