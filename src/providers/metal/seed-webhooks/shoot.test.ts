import { describe, expect, test } from 'vitest';
import { mutated, workload } from './fixtures.ts';
import { createMetalSeedMutations } from './mutations.ts';
import type { Workload } from './workload.ts';

const { shoot } = createMetalSeedMutations();
const facts = { namespace: 'kube-system' };

describe('vpn-shoot', () => {
  const nodeNetwork = {
    name: 'SHOOT_NODE_NETWORKS',
    valueFrom: { configMapKeyRef: { name: 'shoot-info-node-cidr', key: 'node-cidr', optional: true } },
  };

  test.each(['Deployment', 'StatefulSet'] as const)('as a %s reads the node network', (kind) => {
    const object = workload('vpn-shoot', [
      { name: 'vpn-shoot-s0', env: [{ name: 'A', value: 'b' }, { name: 'SHOOT_NODE_NETWORKS' }] },
      { name: 'vpn-shoot-s1', env: [{ name: 'SHOOT_NODE_NETWORKS', value: '10.0.0.0/8' }] },
      { name: 'vpn-shoot' },
      { name: 'tunnel-controller' },
    ]);
    expect((mutated(shoot, kind, object, facts) as Workload).spec?.template?.spec?.containers).toEqual([
      { name: 'vpn-shoot-s0', env: [{ name: 'A', value: 'b' }, nodeNetwork] },
      { name: 'vpn-shoot-s1', env: [{ name: 'SHOOT_NODE_NETWORKS', value: '10.0.0.0/8' }] },
      { name: 'vpn-shoot', env: [nodeNetwork] },
      { name: 'tunnel-controller' },
    ]);
  });

  test('of an older Gardener reads what it knows', () => {
    const object = workload('vpn-shoot', [{ name: 'vpn-shoot', env: [{ name: 'NODE_NETWORK', value: '' }] }]);
    const result = mutated(shoot, 'Deployment', object, facts) as Workload;
    expect(result.spec?.template?.spec?.containers?.[0]?.env).toEqual([{ ...nodeNetwork, name: 'NODE_NETWORK' }]);
  });
});

describe('calico-node', () => {
  test.each([
    ['true', 5],
    ['1', 5],
    ['false', 1],
    ['yes', 1],
    [undefined, 1],
  ])('with FELIX_BPFENABLED=%s', (value, count) => {
    const env = [{ name: 'FELIX_BPFENABLED', value }];
    const object = workload('calico-node', [
      { name: 'calico-node', env },
      { name: 'other', env },
    ]);
    const containers = (mutated(shoot, 'DaemonSet', object, facts) as Workload).spec?.template?.spec?.containers;
    expect(containers?.map((container) => container.env?.length)).toEqual([count, 1]);
  });
});
