import { describe, expect, test } from 'vitest';
import { shoot } from '../../../apis/core/shoot.ts';
import type { Network } from '../metal-api/types.ts';
import { desiredNetwork, desiredStatus, familiesOf, nodeCIDRsOf } from './desired.ts';

const scope = { clusterID: 'c', projectID: 'p', partitionID: 'z' };
const shootWith = (ipFamilies?: string[]) =>
  shoot.parse({ metadata: { name: 's' }, spec: { networking: ipFamilies ? { ipFamilies } : {} } });
const network = (...prefixes: string[]): Network => ({
  id: 'n',
  prefixes,
  labels: {},
  projectid: 'p',
  partitionid: 'z',
  description: 'c',
  created: undefined,
});
const none = { status: undefined, shoot: undefined };

test.each([
  [undefined, 'IPv4'],
  [[], 'IPv4'],
  [['IPv4'], 'IPv4'],
  [['IPv6'], 'IPv6'],
  [['IPv4', 'IPv6'], undefined],
  [['IPv6', 'IPv4'], undefined],
])('a network for the families %j asks for %s', (families, addressfamily) => {
  expect(desiredNetwork(scope, shootWith(families))).toEqual({
    projectid: 'p',
    partitionid: 'z',
    name: 's',
    description: 'c',
    labels: { 'cluster.metal-stack.io/id': 'c' },
    ...(addressfamily ? { addressfamily } : {}),
  });
});

describe('nodeCIDRsOf', () => {
  const dual = network('10.0.0.0/22', '2001:db8::/64');
  test.each([
    [network('10.0.0.0/22'), ['IPv4'], none, ['10.0.0.0/22']],
    [dual, ['IPv4', 'IPv6'], none, ['10.0.0.0/22', '2001:db8::/64']],
    [dual, ['IPv6', 'IPv4'], none, ['2001:db8::/64', '10.0.0.0/22']],
    [dual, ['IPv6', 'IPv4'], { ...none, status: '10.0.0.0/22' }, ['10.0.0.0/22', '2001:db8::/64']],
    [dual, ['IPv4'], { ...none, shoot: '2001:DB8::/64' }, ['2001:db8::/64', '10.0.0.0/22']],
    [network('10.0.0.0/22'), ['IPv6'], { ...none, status: '10.0.0.0/22' }, ['10.0.0.0/22']],
  ])('%#', (found, families, known, expected) => {
    expect(nodeCIDRsOf(found, families as ('IPv4' | 'IPv6')[], known)).toEqual(expected);
  });

  test.each([[[]], [['10.0.0.0/22']], [['nonsense']]])('%j has no IPv6 prefix', (prefixes) => {
    expect(() => nodeCIDRsOf(network(...prefixes), ['IPv6'], none)).toThrow(
      expect.objectContaining({ codes: ['ERR_CONFIGURATION_PROBLEM'] }),
    );
  });
});

describe('desiredStatus', () => {
  const infrastructure = (providerStatus?: unknown) => ({
    metadata: { name: 's' },
    spec: { type: 'metal', region: 'r', secretRef: { name: 'x' } },
    status: { providerStatus },
  });
  const kind = { apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1', kind: 'InfrastructureStatus' };

  test('one family, one prefix: networking is left to others', () => {
    expect(desiredStatus(infrastructure(), ['10.0.0.0/22'], ['IPv4'])).toEqual({
      nodesCIDR: '10.0.0.0/22',
      providerStatus: { ...kind, firewall: { machineID: '' } },
    });
  });

  test('several prefixes are all told', () => {
    expect(desiredStatus(infrastructure(), ['2001:db8::/64', '10.0.0.0/22'], ['IPv6', 'IPv4'])).toMatchObject({
      nodesCIDR: '2001:db8::/64',
      networking: { nodes: ['2001:db8::/64', '10.0.0.0/22'] },
    });
  });

  test.each([
    [{ firewall: { machineID: 'm' } }, 'm'],
    [{ firewall: null }, ''],
    ['nonsense', ''],
  ])('the machine id is carried over: %j', (providerStatus, machineID) => {
    expect(desiredStatus(infrastructure(providerStatus), ['10.0.0.0/22'], ['IPv4'])).toMatchObject({
      providerStatus: { ...kind, firewall: { machineID } },
    });
  });
});

test('unknown families do not count', () => {
  expect(familiesOf(shootWith(['IPvX']))).toEqual(['IPv4']);
});
