import { expect, test } from 'vitest';
import type { Release } from '../../doctor.ts';
import type { MetalApi } from '../metal-api/client.ts';
import { MetalApiError } from '../metal-api/errors.ts';
import { egress, holdingsOf, idTag, ipOf, machineOf, networkOf, service } from './fixtures.ts';
import type { Holdings } from './holdings.ts';
import { releaseClaimed } from './release.ts';

const fixOf = (resource: string, id: string): Release => ({
  ...{ action: 'release', account: 'project p', clusterID: 'gone', resource, id },
});
const machine = fixOf('machine', 'm');
const address = fixOf('ip', '203.0.113.1');
const network = fixOf('network', 'n1');
const labels = { 'cluster.metal-stack.io/id': 'gone' };

/** Has these things, and writes down what is freed. */
function metalApi(now: Partial<Holdings>, isInUse = false) {
  const freed: string[] = [];
  const free = async (id: string) => {
    if (isInUse) throw new MetalApiError('conflict', 'free', 'still used', { status: 422 });
    freed.push(id);
  };
  const { networks = [], ips = [], machines = [] } = holdingsOf(now);
  const findMachines: MetalApi['findMachines'] = async ({ tags }) =>
    machines.filter((each) => tags.every((tag) => each.tags.includes(tag)));
  const find = { findNetworks: async () => [...networks], findIPs: async () => [...ips], findMachines };
  const api = { ...find, freeNetwork: free, freeIP: free, freeMachine: free };
  return { api: api as unknown as MetalApi, freed };
}

test.each<[string, Release, Partial<Holdings>, string]>([
  ['a machine', machine, { machines: [machineOf('m', [idTag('gone')])] }, 'done'],
  [
    'a machine that another use than being its machine names',
    machine,
    { machines: [machineOf('m', [egress('gone')])] },
    'done',
  ],
  ['an IP', address, { ips: [ipOf([service('gone')])] }, 'done'],
  ['a network', network, { networks: [networkOf({ labels })] }, 'done'],
  ['a machine that is gone', machine, { machines: [machineOf('other', [idTag('gone')])] }, 'gone'],
  ['an IP that is gone', address, {}, 'gone'],
  ['an IP that nobody claims any more', address, { ips: [ipOf([])] }, 'gone'],
  ['a network of another id', network, { networks: [networkOf({ id: 'n2', labels })] }, 'gone'],
  ['a machine that got another owner', machine, { machines: [machineOf('m', [idTag('new'), egress('gone')])] }, 'left'],
  ['an IP that got another owner', address, { ips: [ipOf([service('new')])] }, 'left'],
  ['an IP that somebody has marked', address, { ips: [ipOf([service('gone'), 'team=a'])] }, 'left'],
  [
    'a network that somebody has marked',
    network,
    { networks: [networkOf({ labels: { ...labels, team: 'a' } })] },
    'left',
  ],
])('%s', async (_, fix, now, outcome) => {
  const { api, freed } = metalApi(now);
  expect(await releaseClaimed(api, holdingsOf(), fix, AbortSignal.timeout(1_000))).toMatchObject({ outcome });
  expect(freed).toEqual(outcome === 'done' ? [fix.id] : []);
});

test('what is in use stays', async () => {
  const { api } = metalApi({ networks: [networkOf({ labels })] }, true);
  const result = await releaseClaimed(api, holdingsOf(), network, AbortSignal.timeout(1_000));
  expect(result).toMatchObject({ outcome: 'left', reason: expect.stringContaining('still used') });
});
