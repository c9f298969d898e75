import { expect, test } from 'vitest';
import { isClusterTag, isMachineTag, isTagOf } from './tags.ts';

test.each([
  ['cluster.metal-stack.io/id=abc', true, true],
  ['cluster.metal-stack.io/id/egress=abc', true, true],
  ['cluster.metal-stack.io/id/namespace/service=abc/default/web', true, true],
  ['cluster.metal-stack.io/id/namespace/service=abc/default/web=x', true, true],
  ['cluster.metal-stack.io/id/egress=abcd', true, false],
  ['cluster.metal-stack.io/id/namespace/service=abcd/default/web', true, false],
  ['cluster.metal-stack.io/id=', true, false],
  ['cluster.metal-stack.io/id', true, false],
  ['cluster.metal-stack.io/identity=abc', false, false],
  ['cluster.metal-stack.io/name=abc', false, false],
  ['x/cluster.metal-stack.io/id=abc', false, false],
  ['machine.metal-stack.io/id=abc', false, false],
  ['abc', false, false],
  ['', false, false],
])('%s: of a cluster %s, of abc %s', (tag, cluster, ours) => {
  expect(isClusterTag(tag)).toBe(cluster);
  expect(isTagOf(tag, 'abc')).toBe(ours);
});

test('without an id nothing is ours', () => {
  expect(isTagOf('cluster.metal-stack.io/id=', '')).toBe(false);
  expect(isTagOf('cluster.metal-stack.io/id/namespace/service=/x', '')).toBe(false);
});

test('a machine tag', () => {
  expect(isMachineTag('machine.metal-stack.io/id=m')).toBe(true);
  expect(isMachineTag('machine.metal-stack.io/id')).toBe(true);
  expect(isMachineTag('machine.metal-stack.io/name=m')).toBe(false);
});
