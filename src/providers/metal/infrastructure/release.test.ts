import { expect, test } from 'vitest';
import type { Ip } from '../metal-api/types.ts';
import { planIpRelease } from './release.ts';

const scope = { clusterID: 'abc', projectID: 'p', partitionID: 'z' };
const service = (id: string, name = 'web') => `cluster.metal-stack.io/id/namespace/service=${id}/default/${name}`;
const egress = (id: string) => `cluster.metal-stack.io/id/egress=${id}`;
const MACHINE = 'machine.metal-stack.io/id=m';

test.each<[string, string, string[], 'free' | string[] | 'untouched']>([
  ['a service of ours', 'ephemeral', [service('abc')], 'free'],
  ['two services of ours', 'ephemeral', [service('abc'), service('abc', 'api')], 'free'],
  ['ours with a note', 'ephemeral', [service('abc'), 'note=x'], 'free'],
  ['shared with another cluster', 'ephemeral', [service('abc'), service('xyz')], [service('xyz')]],
  ['shared with a cluster of similar id', 'ephemeral', [service('abc'), service('abcd')], [service('abcd')]],
  [
    'shared with nobody knows whom',
    'ephemeral',
    [service('abc'), 'cluster.metal-stack.io/id'],
    ['cluster.metal-stack.io/id'],
  ],
  ['static service', 'static', [service('abc')], []],
  ['static egress', 'static', [egress('abc')], []],
  ['static, shared', 'static', [egress('abc'), service('xyz'), 'note=x'], [service('xyz'), 'note=x']],
  ['held by a machine', 'ephemeral', [service('abc'), MACHINE], [MACHINE]],
  ['a type of the future', 'anycast', [service('abc')], []],
  ['of another cluster', 'ephemeral', [service('xyz')], 'untouched'],
  ['of a cluster of similar id', 'ephemeral', [service('abcd')], 'untouched'],
  ['of a machine', 'ephemeral', [MACHINE], 'untouched'],
  ['of nobody', 'ephemeral', [], 'untouched'],
])('%s (%s %j): %j', (_, type, tags, expected) => {
  const ip: Ip = { ipaddress: '203.0.113.1', type, tags, networkid: 'internet', projectid: 'p' };
  const plan = planIpRelease([ip], scope);
  if (expected === 'untouched') expect(plan).toEqual([]);
  else if (expected === 'free') expect(plan).toEqual([{ kind: 'free', ip }]);
  else expect(plan).toEqual([{ kind: 'untag', ip, tags: expected }]);
});

test('an IP of another project is not ours, whatever metal-api answers', () => {
  const ip: Ip = {
    ipaddress: '203.0.113.1',
    type: 'ephemeral',
    tags: [service('abc')],
    networkid: 'n',
    projectid: 'q',
  };
  expect(planIpRelease([ip], scope)).toEqual([]);
});
