import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

export interface NodeCondition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastHeartbeatTime?: string;
  lastTransitionTime?: string;
}

export interface Node extends KubeObject {
  spec?: { providerID?: string; taints?: readonly { key: string; effect: string }[]; unschedulable?: boolean };
  status?: {
    addresses?: readonly { type: string; address: string }[];
    capacity?: Readonly<Record<string, string>>;
    allocatable?: Readonly<Record<string, string>>;
    conditions?: readonly NodeCondition[];
    nodeInfo?: Readonly<Record<string, string>>;
  };
}

export const nodes = defineResource<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
});
