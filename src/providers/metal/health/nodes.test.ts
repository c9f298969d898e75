import { describe, expect, it } from 'vitest';
import type { Machine, MachineDeployment } from '../../../apis/machine/machine.ts';
import { type Health, healthy, progressing, unhealthy } from '../../health.ts';
import { type Node, nodesHealth, type ObservedNodes } from './nodes.ts';

const up = 5 * 60_000;
const down = 15 * 60_000;

const condition = (type: string, status: string) => ({ type, status, reason: 'Because', message: 'why' });

function deployment(
  replicas: number,
  status: MachineDeployment['status'] = {},
  metadata: Partial<MachineDeployment['metadata']> = {},
): MachineDeployment {
  const spec = { replicas, template: { spec: { class: { kind: 'MachineClass', name: 'c' } } } };
  return {
    metadata: { name: 'md', ...metadata },
    spec,
    status: { conditions: [condition('Available', 'True')], ...status },
  };
}

function machine(
  name: string,
  phase = 'Running',
  change: { node?: string; going?: boolean; description?: string } = {},
): Machine {
  const { node = name, going, description } = change;
  return {
    metadata: {
      name,
      ...(node ? { labels: { node } } : {}),
      ...(going ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { class: { kind: 'MachineClass', name: 'c' } },
    status: { currentStatus: { phase }, ...(description ? { lastOperation: { description } } : {}) },
  };
}

const node = (name: string, ready = 'True', annotations = {}): Node => ({
  metadata: { name, annotations },
  status: { conditions: [condition('Ready', ready)] },
});
const failed = (name: string, description: string) => ({ name, lastOperation: { description } });
const unmanaged = { 'node.machine.sapcloud.io/not-managed-by-mcm': '1' };

const observed = (
  deployments: MachineDeployment[],
  machines: Machine[] = [],
  nodes: Node[] = machines.filter(({ metadata }) => metadata.labels?.node).map(({ metadata }) => node(metadata.name)),
): ObservedNodes => ({ deployments, machines, nodes });

const coming = (text: string) => progressing(`machines are coming up: ${text}`, up);
const going = (count: number) =>
  progressing(
    `${count} more node(s) than wanted are to be drained and removed; if this lasts, look at PodDisruptionBudgets`,
    down,
  );
const joined = (ready: number, wanted: number) =>
  coming(`${ready} of ${wanted} nodes have joined the cluster and are ready`);

describe('nodes', () => {
  it.each<[string, ObservedNodes, Health]>([
    ['as many as wanted', observed([deployment(2)], [machine('a'), machine('b')]), healthy],
    ['of several pools', observed([deployment(1), deployment(1)], [machine('a'), machine('b')]), healthy],
    ['none wanted', observed([deployment(0)]), healthy],
    ['no pool', observed([]), healthy],
    [
      'one that is none of a machine',
      observed([deployment(1)], [machine('a')], [node('a'), node('x', 'True', unmanaged)]),
      healthy,
    ],
    [
      'one that is none of a machine, not ready',
      observed([deployment(0)], [], [node('x', 'False', unmanaged)]),
      healthy,
    ],
    ['machines to be made', observed([deployment(3)], [machine('a')]), coming('1 of 3 machines have been created')],
    [
      'a machine that has not joined',
      observed([deployment(2)], [machine('a'), machine('b', 'Pending', { node: '' })]),
      joined(1, 2),
    ],
    [
      'a node that comes up',
      observed([deployment(2)], [machine('a'), machine('b', 'Pending')], [node('a'), node('b', 'False')]),
      joined(1, 2),
    ],
    ['a node gone missing', observed([deployment(2)], [machine('a'), machine('b')], [node('a')]), joined(1, 2)],
    [
      'not available while machines come',
      observed([deployment(1, { conditions: [condition('Available', 'False')] })], [machine('a', '', { node: '' })]),
      joined(0, 1),
    ],
    ['too many', observed([deployment(1)], [machine('a'), machine('b')]), going(1)],
    [
      'one that goes, not ready any more',
      observed(
        [deployment(1)],
        [machine('a'), machine('b', 'Terminating', { going: true })],
        [node('a'), node('b', 'False')],
      ),
      going(1),
    ],
    [
      'one that goes before its replacement has come',
      observed([deployment(1)], [machine('a', 'Running', { going: true }), machine('b', 'Pending', { node: '' })]),
      joined(0, 1),
    ],
    [
      'of a pool that goes',
      observed([deployment(1, {}, { deletionTimestamp: 'x' })], [machine('a', 'Terminating')]),
      going(1),
    ],
    [
      'a node that is not ready',
      observed([deployment(2)], [machine('a'), machine('b')], [node('a'), node('b', 'Unknown')]),
      unhealthy('node "b": Ready is Unknown (Because): why'),
    ],
    [
      'a node that says nothing',
      observed([deployment(1)], [machine('a')], [{ metadata: { name: 'a' } }]),
      unhealthy('node "a": Ready is not reported'),
    ],
    [
      'a machine that cannot be made',
      observed([deployment(1)], [machine('a', 'CrashLoopBackOff', { node: '', description: 'no machine available' })]),
      unhealthy('machine "a" is CrashLoopBackOff: no machine available', ['ERR_INFRA_RESOURCES_DEPLETED']),
    ],
    [
      'a machine that is lost',
      observed([deployment(1)], [machine('a', 'Unknown')], []),
      unhealthy('machine "a" is Unknown'),
    ],
    [
      'machines that have failed',
      observed([
        deployment(4, { failedMachines: ['d', 'b', 'c', 'a'].map((name) => failed(name, 'connection refused')) }),
      ]),
      unhealthy(
        'machine "a" failed: connection refused; machine "b" failed: connection refused; machine "c" failed: connection refused and 1 more',
        ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
      ),
    ],
    [
      'a frozen pool',
      observed([deployment(1, { conditions: [condition('Frozen', 'True')] })], [machine('a')]),
      unhealthy('machine deployment "md": Frozen is True (Because): why'),
    ],
    [
      'a stuck pool',
      observed([deployment(1, { conditions: [condition('Progressing', 'False')] })], [machine('a')]),
      unhealthy('machine deployment "md": Progressing is False (Because): why'),
    ],
    [
      'a pool that was not seen',
      observed([deployment(1, { observedGeneration: 1 }, { generation: 2 })], [machine('a')]),
      progressing('machine deployment "md": its newest state has not been seen yet', up),
    ],
  ])('%s', (_, objects, health) => expect(nodesHealth(objects)).toEqual(health));
});
