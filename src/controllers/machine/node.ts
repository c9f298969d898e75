import type { Taint } from '../../apis/extensions/worker.ts';
import type { MachineCondition } from '../../apis/machine/machine.ts';
import type { KubeObject } from '../../kube/object.ts';
import { defineResource } from '../../kube/resource.ts';

/** What is read of a Node. */
export interface Node extends KubeObject {
  spec?: { providerID?: string; unschedulable?: boolean; taints?: readonly Taint[] };
  status?: {
    conditions?: readonly MachineCondition[];
    capacity?: Readonly<Record<string, string>>;
    volumesAttached?: readonly { name: string; devicePath?: string }[];
  };
}

export const nodes = defineResource<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
});

/** Images alone are most of a Node. */
export function smallNode({ metadata, spec, status }: Node): Node {
  const { providerID, unschedulable, taints } = spec ?? {};
  const { conditions, capacity, volumesAttached } = status ?? {};
  return {
    metadata,
    spec: { ...(providerID && { providerID }), ...(unschedulable && { unschedulable }), ...(taints && { taints }) },
    status: {
      ...(conditions && { conditions }),
      ...(capacity && { capacity }),
      ...(volumesAttached && { volumesAttached }),
    },
  };
}
