import { describe, expect, test } from 'vitest';
import type { Firewall } from '../../../apis/firewall/firewall.ts';
import { changedState, extendedState, firewallsOf } from './firewall-state.ts';

const firewall = (name: string, changes: Partial<Firewall> = {}): Firewall => ({
  metadata: {
    name,
    namespace: 'shoot--p--s',
    uid: `uid-of-${name}`,
    resourceVersion: '7',
    generation: 3,
    labels: { 'cluster.metal-stack.io/id': 'c' },
    finalizers: ['firewall.metal-stack.io/firewall-controller-manager'],
    ownerReferences: [{ apiVersion: 'firewall.metal-stack.io/v2', kind: 'FirewallSet', name: 'set', uid: 'u' }],
  },
  spec: { size: 'n1', networks: ['internet'], userdata: 'line\nline\n' },
  distance: 0,
  status: { phase: 'Running' },
  ...changes,
});

const names = (state: unknown) => firewallsOf(state).map(({ metadata }) => metadata.name);

describe('the state', () => {
  test('has what a Firewall is made anew from, each as YAML', () => {
    expect(changedState([firewall('a')], undefined)?.firewalls).toEqual([
      `apiVersion: firewall.metal-stack.io/v2
distance: 0
kind: Firewall
metadata:
  finalizers:
    - firewall.metal-stack.io/firewall-controller-manager
  labels:
    cluster.metal-stack.io/id: c
  name: a
  namespace: shoot--p--s
spec:
  networks:
    - internet
  size: n1
  userdata: |
    line
    line
`,
    ]);
  });

  test('is in the order of names, and is not written for what changes all the time', () => {
    const state = changedState([firewall('b'), firewall('a')], undefined);
    expect(names(state)).toEqual(['a', 'b']);
    const later = firewall('a', { status: { phase: 'Crashing' } });
    later.metadata.resourceVersion = '8';
    expect(changedState([later, firewall('b')], state)).toBeUndefined();
    expect(names(changedState([firewall('b')], state))).toEqual(['b']);
  });

  test('that the Go extension wrote is understood', () => {
    const text =
      'apiVersion: firewall.metal-stack.io/v2\ndistance: 0\nkind: Firewall\nmetadata:\n  creationTimestamp: null\n  name: a\nspec:\n  image: i\n  networks:\n  - internet\n  size: n1\nstatus:\n  conditions: null\n  phase: ""\n';
    expect(firewallsOf({ firewalls: [text] })).toEqual([
      {
        apiVersion: 'firewall.metal-stack.io/v2',
        kind: 'Firewall',
        metadata: { name: 'a' },
        spec: { image: 'i', networks: ['internet'], size: 'n1' },
        distance: 0,
      },
    ]);
  });

  test.each([undefined, null, {}, { firewalls: null }, { firewalls: [] }])('%j has none', (state) => {
    expect(firewallsOf(state)).toEqual([]);
    expect(changedState([], state)).toBeUndefined();
  });

  test.each([
    ['text', /not of the form/],
    [{ firewalls: 'a' }, /not of the form/],
    [{ firewalls: ['a: [secret'] }, /entry 0 is not YAML/],
    [{ firewalls: ['just text'] }, /entry 0 is no Firewall/],
    [{ firewalls: ['metadata: {name: ""}\nspec: {}'] }, /entry 0 is no Firewall/],
  ])('%j is refused, without a word of what it says', (state, message) => {
    expect(() => firewallsOf(state)).toThrow(message);
    expect(() => firewallsOf(state)).not.toThrow(/secret/);
  });

  test('that cannot be read is replaced, but not extended', () => {
    expect(names(changedState([firewall('a')], 'broken'))).toEqual(['a']);
    expect(() => extendedState([firewall('a')], 'broken')).toThrow(/cannot be read/);
  });

  test('extended keeps those that may have been let go of', () => {
    const state = changedState([firewall('a'), firewall('b')], undefined);
    expect(extendedState([firewall('b')], state)).toBeUndefined();
    expect(names(extendedState([firewall('c')], state))).toEqual(['a', 'b', 'c']);
  });
});
