import { expect, test } from 'vitest';
import { cluster } from '../../../apis/extensions/cluster.ts';
import { canonicalIP, configOf, egressIPsOf, scopeOf } from './scope.ts';

const shootWith = (uid?: string) =>
  cluster.parse({ metadata: { name: 'c' }, spec: { shoot: { metadata: { name: 's', uid }, spec: {} } } });
const infrastructure = (providerConfig?: unknown) => ({
  metadata: { name: 's', namespace: 'shoot--p--s' },
  spec: { type: 'metal', region: 'r', secretRef: { name: 'cloudprovider' }, providerConfig },
});
const problem = (message: RegExp) =>
  expect.objectContaining({ codes: ['ERR_CONFIGURATION_PROBLEM'], message: expect.stringMatching(message) });

test.each([
  [undefined, /provider config of the Infrastructure is not set/],
  [null, /is not set/],
  ['text', /is invalid: \(root\)/],
  [{ partitionID: 7, projectID: [] }, /is invalid: partitionID: .*; projectID: /],
])('a config that cannot be read: %j', (providerConfig, message) => {
  expect(() => configOf(infrastructure(providerConfig))).toThrow(problem(message));
});

test('a config nested beyond reason is an answer, not a crash', () => {
  let nested: unknown = {};
  for (let depth = 0; depth < 200_000; depth += 1) nested = { nested };
  expect(() => configOf(infrastructure(nested))).toThrow(problem(/cannot be read/));
});

test.each([
  [{}, /projectID and partitionID must be set/],
  [{ projectID: 'p', partitionID: '' }, /: partitionID must be set/],
])('what is missing is named: %j', (config, message) => {
  expect(() => scopeOf(config, shootWith('u'))).toThrow(problem(message));
});

test('without the uid of the Shoot nothing is done', () => {
  expect(() => scopeOf({ projectID: 'p', partitionID: 'z' }, shootWith())).toThrow(/no uid/);
});

test('an IP in two rules is wanted once, whatever its spelling', () => {
  const rules = [
    { networkID: 'internet', ips: ['203.0.113.7', '2001:DB8:0::1'] },
    { networkID: 'internet', ips: ['2001:db8::0:1', '203.0.113.7'] },
    { networkID: 'mpls' },
  ];
  expect(egressIPsOf({ firewall: { egressRules: rules } })).toEqual([
    { address: '203.0.113.7', networkID: 'internet' },
    { address: '2001:db8::1', networkID: 'internet' },
  ]);
});

test('all faults of all rules are told at once', () => {
  const rules = [{ ips: ['203.0.113.7'] }, { networkID: 'internet', ips: ['x', '10.0.0.0/8', '203.0.113.8'] }];
  expect(() => egressIPsOf({ firewall: { egressRules: rules } })).toThrow(
    problem(/egressRules\.0\.networkID must be set; .*egressRules\.1\.ips: "x" .*"10\.0\.0\.0\/8" is not an IP/),
  );
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['010.0.0.1', undefined],
  ['1.2.3', undefined],
  ['fe80::1%eth0', undefined],
  ['', undefined],
])('canonicalIP(%s)', (text, expected) => {
  expect(canonicalIP(text)).toBe(expected);
});
