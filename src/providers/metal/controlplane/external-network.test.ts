import { describe, expect, test } from 'vitest';
import type { Network } from '../metal-api/types.ts';
import { defaultExternalNetwork } from './external-network.ts';

const external = { 'network.metal-stack.io/default-external': '' };
const preferred = { ...external, 'network.metal-stack.io/default': '' };
const network = (id: string, labels: Record<string, string>, parentnetworkid?: string): Network => ({
  id,
  prefixes: [],
  projectid: undefined,
  partitionid: undefined,
  description: undefined,
  labels,
  created: undefined,
  parentnetworkid,
});
const known = [
  network('plain', {}),
  network('mpls', external),
  network('internet', preferred),
  { ...network('super', {}), privatesuper: true },
  network('other-super', {}),
  network('dmz', external, 'super'),
  network('dmz-2', external, 'super'),
  network('child', external, 'other-super'),
  network('orphan', external, 'gone'),
];
const decide = (firewallNetworks: string[], chosen?: string, access: 'baseline' | 'forbidden' = 'baseline') =>
  defaultExternalNetwork({
    chosen,
    firewallNetworks,
    access,
    networks: new Map(known.map((each) => [each.id, each])),
  });

describe('defaultExternalNetwork', () => {
  test.each([
    ['the first external network', ['plain', 'mpls'], 'mpls'],
    ['the one with the label of a default before others', ['mpls', 'internet'], 'internet'],
    ['a network with a parent only where no other is', ['dmz', 'mpls'], 'mpls'],
    ['the first DMZ', ['plain', 'dmz-2', 'dmz'], 'dmz-2'],
    ['below another parent: not a DMZ', ['child'], ''],
    ['none is external', ['plain'], ''],
    ['no networks', [], ''],
  ])('%s', (_, networks, expected) => {
    expect(decide(networks)).toBe(expected);
  });

  test("the owner's choice is taken as it is, also where the internet is forbidden", () => {
    expect(decide(['mpls', 'plain'], 'plain')).toBe('plain');
    expect(decide(['mpls', 'plain'], 'plain', 'forbidden')).toBe('plain');
  });

  test('forbidden access: none by itself', () => {
    expect(decide(['internet'], undefined, 'forbidden')).toBe('');
  });

  test.each([
    ['chosen outside of the firewall networks', ['internet'], 'mpls', /not contained in firewall networks: mpls/],
    ['unknown to metal-api', ['internet', 'typo'], undefined, /the network typo .*does not exist/],
    ['its parent is unknown', ['orphan'], undefined, /parent network gone .*orphan does not exist/],
  ])('%s', (_, networks, chosen, message) => {
    expect(() => decide(networks, chosen)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), codes: ['ERR_CONFIGURATION_PROBLEM'] }),
    );
  });
});
