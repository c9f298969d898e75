import { type Machine, type MachineDeployment, machineDeployments, machines } from '../../../apis/machine/machine.ts';
import { defineResource } from '../../../kube/resource.ts';
import { type HealthCheck, type Watched, watched } from '../../health.ts';
import { type Node, nodesHealth } from './nodes.ts';
import { smallMetadata, smallStatus } from './small.ts';

const nodes = defineResource<Node>({ group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false });

export const nodesCheck: HealthCheck = {
  condition: 'EveryNodeReady',
  name: 'nodes',
  async run({ seed, shoot, signal }) {
    // Any state of this moment will do: the server answers from its cache.
    const { items } = await (await shoot()).list(nodes, { resourceVersion: '0', signal });
    return nodesHealth({ deployments: seed.list(machineDeployments), machines: seed.list(machines), nodes: items });
  },
};

export const watchedMachines: readonly Watched[] = [
  watched<MachineDeployment>(machineDeployments, ({ metadata, spec, status }) => ({
    metadata: smallMetadata(metadata),
    spec: {
      ...(spec.replicas === undefined ? {} : { replicas: spec.replicas }),
      ...(spec.strategy ? { strategy: spec.strategy } : {}),
      template: { spec: { class: { kind: '', name: '' } } },
    },
    status: {
      ...smallStatus(status),
      failedMachines: (status?.failedMachines ?? []).map(({ name = '', lastOperation }) => ({
        name,
        lastOperation: { description: lastOperation?.description ?? '' },
      })),
    },
  })),
  watched<Machine>(machines, ({ metadata, status }) => ({
    metadata: {
      ...smallMetadata(metadata),
      ...(metadata.labels?.node ? { labels: { node: metadata.labels.node } } : {}),
    },
    spec: { class: { kind: '', name: '' } },
    status: {
      currentStatus: { phase: status?.currentStatus?.phase ?? '' },
      lastOperation: { description: status?.lastOperation?.description ?? '' },
    },
  })),
];
