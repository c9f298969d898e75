import type { BootedMachine } from '../metal-api/machine/hardware.ts';
import { conditionsOf, type Health } from './conditions.ts';
import type { Node } from './node-resource.ts';
import { tagValue } from './tag.ts';

const RESOURCES = { cpu: '12', memory: '96Gi', pods: '250', 'ephemeral-storage': '960Gi' };

/** As metal-ccm writes it (metal-components 0.2). */
export const nodeProviderID = ({ partition, id }: BootedMachine): string => `metal://${partition}/${id}`;

/** The Node that kubelet, metal-ccm and Gardener's node controllers have made of a machine when all has settled. */
export function nodeOf(machine: BootedMachine, health: Health, now: string): Node {
  const { hostname, size, partition, tags, addresses } = machine;
  const region = tagValue(tags, 'topology.kubernetes.io/region');
  const [address] = addresses;
  return {
    metadata: {
      name: hostname,
      labels: {
        'kubernetes.io/hostname': hostname,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': size,
        'topology.kubernetes.io/zone': partition,
        ...(region ? { 'topology.kubernetes.io/region': region } : {}),
      },
    },
    spec: { providerID: nodeProviderID(machine) },
    status: {
      addresses: [{ type: 'Hostname', address: hostname }, ...(address ? [{ type: 'InternalIP', address }] : [])],
      capacity: RESOURCES,
      allocatable: RESOURCES,
      conditions: conditionsOf(health, [], now),
    },
  };
}
