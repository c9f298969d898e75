import { describe, expect, test } from 'vitest';
import type { Network } from '../metal-api/types.ts';
import { decideNodeNetwork, familyOf, isCIDR, type KnownCIDRs, sameCIDR } from './node-network.ts';

const scope = { clusterID: 'c', projectID: 'p', partitionID: 'z' };
const network = (id: string, prefixes: string[], fields: Partial<Network> = {}): Network => ({
  id,
  prefixes,
  projectid: 'p',
  partitionid: 'z',
  description: 'c',
  labels: { 'cluster.metal-stack.io/id': 'c' },
  created: '2026-01-01T00:00:00.000Z',
  ...fields,
});
const A = network('a', ['10.0.0.0/22']);
const B = network('b', ['10.0.4.0/22'], { created: '2026-01-01T00:00:01Z' });
const V6 = network('v6', ['10.0.8.0/22', '2001:db8::/64']);

describe('decideNodeNetwork', () => {
  test.each<[string, Network[], Partial<KnownCIDRs>, object]>([
    ['nothing known, nothing found', [], {}, { kind: 'allocate' }],
    ['a lost answer or status write', [A], {}, { kind: 'adopt', network: A, surplus: [] }],
    ['two found: the oldest', [B, A], {}, { kind: 'adopt', network: A, surplus: [B] }],
    ['two found: the status decides', [A, B], { status: '10.0.4.0/22' }, { kind: 'adopt', network: B, surplus: [A] }],
    ['two found: the Shoot decides', [A, B], { shoot: '10.0.4.0/22' }, { kind: 'adopt', network: B, surplus: [A] }],
    [
      'two found: the status before the Shoot',
      [A, B],
      { status: '10.0.0.0/22', shoot: '10.0.4.0/22' },
      { kind: 'adopt', network: A, surplus: [B] },
    ],
    ['another spelling', [V6], { status: '2001:DB8:0::/64' }, { kind: 'adopt', network: V6, surplus: [] }],
    ['given by the owner', [], { shoot: '10.9.0.0/16' }, { kind: 'given', cidr: '10.9.0.0/16' }],
    [
      'given after an allocation whose answer was lost',
      [A],
      { shoot: '10.9.0.0/16' },
      { kind: 'given', cidr: '10.9.0.0/16' },
    ],
    [
      'named by status and Shoot, and another one labelled: not touched',
      [A],
      { status: '10.9.0.0/16', shoot: '10.9.0.0/16' },
      { kind: 'given', cidr: '10.9.0.0/16' },
    ],
    ['ours is gone', [], { status: '10.0.0.0/22' }, { kind: 'disappeared', cidr: '10.0.0.0/22' }],
    ['ours is gone, another is there', [B], { status: '10.0.0.0/22' }, { kind: 'disappeared', cidr: '10.0.0.0/22' }],
  ])('%s', (_, found, known, decision) => {
    expect(decideNodeNetwork(found, { status: undefined, shoot: undefined, ...known }, scope)).toEqual(decision);
  });

  test.each([
    ['of another cluster', network('x', ['10.0.0.0/22'], { labels: { 'cluster.metal-stack.io/id': 'cc' } })],
    ['of another project', network('x', ['10.0.0.0/22'], { projectid: 'q' })],
    ['of nobody', network('x', ['10.0.0.0/22'], { labels: {}, projectid: undefined })],
  ])('a network %s is not ours, whatever metal-api answers', (_, found) => {
    expect(decideNodeNetwork([found], { status: undefined, shoot: undefined }, scope)).toEqual({ kind: 'allocate' });
  });

  test('what does not look like our own allocation is never surplus', () => {
    const labelled = network('x', ['10.1.0.0/22'], { description: 'storage of c', created: '2027-01-01T00:00:00Z' });
    const decision = decideNodeNetwork([A, labelled], { status: undefined, shoot: undefined }, scope);
    expect(decision).toEqual({ kind: 'adopt', network: A, surplus: [] });
  });

  test('of equal age the smaller id, in any order', () => {
    const twin = { ...B, created: A.created };
    for (const found of [
      [A, twin],
      [twin, A],
    ]) {
      expect(decideNodeNetwork(found, { status: undefined, shoot: undefined }, scope)).toMatchObject({ network: A });
    }
  });
});

test.each([
  ['10.0.0.0/22', true, 'IPv4'],
  ['2001:db8::/64', true, 'IPv6'],
  ['10.0.0.0', false, undefined],
  ['10.0.0.0/33', false, undefined],
  ['10.0.0.0/22/1', false, undefined],
  ['x/22', false, undefined],
  ['', false, undefined],
])('%s', (text, valid, family) => {
  expect(isCIDR(text)).toBe(valid);
  expect(familyOf(text)).toBe(family);
});

test('equal CIDRs', () => {
  expect(sameCIDR('2001:DB8:0::/64', '2001:db8::/64')).toBe(true);
  expect(sameCIDR('10.0.0.0/22', '10.0.0.0/23')).toBe(false);
  expect(sameCIDR('nonsense', 'nonsense')).toBe(true);
  expect(sameCIDR('nonsense', '10.0.0.0/22')).toBe(false);
});
