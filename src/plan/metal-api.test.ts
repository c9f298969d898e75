import { describe, expect, test } from 'vitest';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';
import { createPlannedMetalApi, type MetalApiState, readMetalApiState } from './metal-api.ts';
import { assumedMetalApi } from './metal-api-assumed.ts';

const nothing: MetalApiState = { networks: [], ips: [], machines: [] };
const order = { projectid: 'p', partitionid: 'fra', name: 's', labels: { id: 'u' } };

describe('in memory', () => {
  const open = (state = nothing) => {
    const { registry, calls } = createPlannedMetalApi(state, ['10.0.0.0/22', 'fd00::/64']);
    return { api: registry.client('http://metal', { hmac: 'k' }), calls };
  };

  test.each([
    ['IPv4', ['10.0.0.0/22']],
    ['IPv6', ['fd00::/64']],
    [undefined, ['10.0.0.0/22', 'fd00::/64']],
  ] as const)('a network of family %s is found again', async (addressfamily, prefixes) => {
    const { api, calls } = open();
    const made = await api.allocateNetwork({ ...order, ...(addressfamily ? { addressfamily } : {}) });
    expect(made.prefixes).toEqual(prefixes);
    expect(await api.findNetworks({ labels: { id: 'u' }, projectid: 'p' })).toEqual([made]);
    expect(await api.findNetworks({ labels: { id: 'other' } })).toEqual([]);
    expect(calls).toMatchObject([{ call: 'allocateNetwork', endpoint: 'http://metal' }]);
    await api.freeNetwork(made.id);
    expect(await api.findNetworks({})).toEqual([]);
  });

  test('tags of IPs', async () => {
    const ips = [{ ipaddress: '1.1.1.1', networkid: 'n', projectid: 'p', type: 'static', tags: [] }];
    const { api, calls } = open({ ...nothing, ips });
    await api.updateIP({ ipaddress: '1.1.1.1', type: 'static', tags: ['mine'] });
    expect(await api.findIPs({ tags: ['mine'] })).toHaveLength(1);
    expect(await api.findIPs({ tags: ['mine', 'more'] })).toEqual([]);
    await expect(api.updateIP({ ipaddress: '9.9.9.9', type: 'static', tags: [] })).rejects.toThrow('no IP 9.9.9.9');
    expect(calls.map(({ call }) => call)).toEqual(['updateIP']);
  });
});

test('a state is read in the form in which metal-api answers', () => {
  expect(readMetalApiState({ networks: [{ id: 'n', prefixes: null, shared: true }] })).toMatchObject({
    networks: [{ id: 'n', prefixes: [], labels: {} }],
    ips: [],
  });
  expect(() => readMetalApiState({ ips: [{ type: 'static' }] })).toThrow('MetalApiState: ips.0.ipaddress');
});

describe('assumed', () => {
  const shoot = (ips: string[], nodes?: string): GardenShoot => ({
    metadata: { name: 's', uid: 'u' },
    spec: {
      region: 'fra',
      networking: nodes ? { nodes } : {},
      provider: {
        type: 'metal',
        infrastructureConfig: {
          projectID: 'p',
          partitionID: 'fra',
          firewall: { networks: ['internet'], egressRules: [{ networkID: 'internet', ips }] },
        },
      },
    },
  });
  const assumed = (...args: [GardenShoot, Parameters<typeof assumedMetalApi>[1]]) => {
    const said: string[] = [];
    return { state: assumedMetalApi(...args, (what) => said.push(what)), said };
  };

  test('what a new Shoot names is there and free', () => {
    const { state, said } = assumed(shoot(['1.1.1.1']), undefined);
    expect(state.networks).toMatchObject([{ id: 'internet' }]);
    expect(state.ips).toMatchObject([{ ipaddress: '1.1.1.1', projectid: 'p', type: 'static', tags: [] }]);
    expect(said).toEqual([
      'metal-api has the networks internet, the first is the default for load balancers',
      'the project has the unused IPs 1.1.1.1',
    ]);
  });

  test('what a Shoot had before is its own', () => {
    const before = { shoot: shoot(['1.1.1.1']), cloudProfile: undefined, seed: undefined, nodeNetworkID: 'n1' };
    const { state } = assumed(shoot(['2.2.2.2'], '10.0.0.0/22'), before);
    expect(state.networks).toMatchObject([
      { id: 'internet' },
      { id: 'n1', prefixes: ['10.0.0.0/22'], labels: { 'cluster.metal-stack.io/id': 'u' } },
    ]);
    expect(state.ips.map(({ ipaddress, tags }) => [ipaddress, tags])).toEqual([
      ['2.2.2.2', []],
      ['1.1.1.1', ['cluster.metal-stack.io/id/egress=u']],
    ]);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'config'],
    ['no lists', { firewall: { networks: 'internet', egressRules: 7 } }],
    ['empty rules', { firewall: { networks: [7], egressRules: [null, { ips: 'x' }] } }],
  ])('a Shoot whose config is or has %s needs nothing', (_, infrastructureConfig) => {
    const provider = { type: 'metal', infrastructureConfig };
    const broken = { ...shoot([]), spec: { ...shoot([]).spec, provider } };
    expect(assumed(broken, undefined).state).toEqual(nothing);
  });
});
