import { expect, test } from 'vitest';
import type { MetalApi } from './metal-api/client.ts';
import type { Network, NetworkFind } from './metal-api/types.ts';
import { findPrivateNetwork } from './private-network.ts';

const scope = { clusterID: 'c', projectID: 'p', partitionID: 'z' };
const own = { 'cluster.metal-stack.io/id': 'c' };
const network = (id: string, fields: Partial<Network> = {}): Network => ({
  id,
  prefixes: ['10.0.0.0/22'],
  projectid: 'p',
  partitionid: 'z',
  description: undefined,
  labels: {},
  created: undefined,
  ...fields,
});

const find = (networks: Network[], nodeCIDR = '10.0.0.0/22') => {
  const queries: NetworkFind[] = [];
  const findNetworks = async (query: NetworkFind) => {
    queries.push(query);
    return networks;
  };
  const api = { findNetworks } as unknown as MetalApi;
  return { queries, found: findPrivateNetwork(api, scope, nodeCIDR, new AbortController().signal) };
};

test.each<[string, Network[], string]>([
  ['allocated for the cluster', [network('a', { labels: own })], 'a'],
  ['given by the owner, without a label', [network('a')], 'a'],
  ['of no partition', [network('a', { partitionid: undefined })], 'a'],
  ['the same prefix in another partition', [network('b', { partitionid: 'y' }), network('a')], 'a'],
  ['the label decides', [network('b'), network('a', { labels: own })], 'a'],
])('%s', async (_, networks, id) => {
  const { found, queries } = find(networks);
  await expect(found).resolves.toMatchObject({ id });
  expect(queries).toEqual([{ projectid: 'p', prefixes: ['10.0.0.0/22'] }]);
});

test.each([
  ['none', [], /none/],
  ['only in another partition', [network('b', { partitionid: 'y' })], /none/],
  ['several', [network('b'), network('a')], /\(a, b\)/],
  ['several with the label', [network('b', { labels: own }), network('a', { labels: own })], /\(a, b\)/],
])('%s: an error that says so', async (_, networks, message) => {
  await expect(find(networks).found).rejects.toMatchObject({
    message: expect.stringMatching(message),
    codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
  });
});

test('the CIDR is asked for in its canonical spelling', async () => {
  const { found, queries } = find([network('a')], '2001:DB8:0::/64');
  await found;
  expect(queries[0]?.prefixes).toEqual(['2001:db8::/64']);
});
