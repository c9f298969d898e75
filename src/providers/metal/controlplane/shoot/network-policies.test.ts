import { expect, test } from 'vitest';
import { durosStorage, isolation, modelWith } from '../fixtures.ts';
import type { ControlPlaneModel } from '../model.ts';
import { clusterwidePolicies } from './network-policies.ts';

const DUAL_STACK = { nodeCIDRs: ['10.0.0.0/22', '2001:db8:1::/64'] };

/** By name of the policy: `protocol/port -> destination`, a line for each rule. */
function policies(changes: Partial<ControlPlaneModel>): Record<string, string[]> {
  return Object.fromEntries(
    clusterwidePolicies(modelWith(changes)).map(({ metadata, spec }) => [
      metadata.name,
      (spec.egress ?? []).map(({ ports, to = [], toFQDNs = [] }) => {
        const targets = [...to.map(({ cidr }) => cidr), ...toFQDNs.map(({ matchName }) => matchName)];
        return `${ports.map(({ protocol, port }) => `${protocol}/${port}`).join()} -> ${targets.join()}`;
      }),
    ]),
  );
}

const toApiServer = (address: string) => ({
  'allow-to-vpn': [`UDP/4314,TCP/4314 -> ${address}`],
  'allow-to-apiserver': [`TCP/443,TCP/8443,TCP/8132 -> ${address}`],
});

test('A baseline cluster reaches everything by HTTP, and its API server', () => {
  expect(policies({})).toEqual({
    'allow-to-dns': ['UDP/53,TCP/53 -> 0.0.0.0/0'],
    'allow-to-ntp': ['UDP/123 -> 0.0.0.0/0'],
    'allow-to-http': ['TCP/80 -> 0.0.0.0/0'],
    'allow-to-https': ['TCP/443 -> 0.0.0.0/0'],
    ...toApiServer('203.0.113.10/32'),
  });
});

test.each(['restricted', 'forbidden'] as const)(
  'A %s cluster reaches what the partition has for it',
  (networkAccess) => {
    expect(policies({ networkAccess, isolation, ...DUAL_STACK })).toEqual({
      'allow-to-dns': ['UDP/53,TCP/53 -> 192.0.2.53/32,2001:db8::53/128'],
      'allow-to-ntp': ['UDP/123 -> 192.0.2.123/32,2001:db8::123/128'],
      'allow-to-registry': ['TCP/443 -> 192.0.2.80/32', 'TCP/5000 -> 2001:db8::80/128'],
      ...toApiServer('203.0.113.10/32'),
    });
  },
);

test('Without IPv6 nodes nothing of IPv6 gets to the firewall, which would refuse all for it', () => {
  const changes = { networkAccess: 'restricted', isolation, duros: durosStorage } as const;
  expect(policies(changes)).toEqual({
    'allow-to-dns': ['UDP/53,TCP/53 -> 192.0.2.53/32'],
    'allow-to-ntp': ['UDP/123 -> 192.0.2.123/32'],
    'allow-to-registry': ['TCP/443 -> 192.0.2.80/32'],
    'allow-to-storage': ['TCP/443,TCP/4420,TCP/8009 -> 192.0.2.1/32'],
    ...toApiServer('203.0.113.10/32'),
  });
});

test('With IPv6 nodes everything includes IPv6, behind IPv4', () => {
  expect(policies(DUAL_STACK)).toMatchObject({ 'allow-to-https': ['TCP/443 -> 0.0.0.0/0,::/0'] });
  expect(policies({ nodeCIDRs: ['2001:db8:1::/64'] })).toMatchObject({ 'allow-to-https': ['TCP/443 -> ::/0'] });
});

test('The storage is allowed by its addresses, in both families', () => {
  expect(policies({ duros: durosStorage, ...DUAL_STACK })).toMatchObject({
    'allow-to-storage': ['TCP/443,TCP/4420,TCP/8009 -> 192.0.2.1/32,2001:db8::1/128'],
  });
});

test('An API server may be known by IPv6 addresses or by names', () => {
  const addresses = { apiServerAddresses: ['203.0.113.10', '2001:db8::10'] };
  expect(policies({ ...DUAL_STACK, ...addresses })).toMatchObject(toApiServer('203.0.113.10/32,2001:db8::10/128'));
  expect(policies({ apiServerAddresses: ['lb.example.com'] })).toMatchObject(toApiServer('lb.example.com'));
});

test.each([
  ['a hibernated cluster', { apiServerAddresses: [] }, ['allow-to-vpn', 'allow-to-apiserver']],
  [
    'a cluster without mirrors',
    { networkAccess: 'forbidden', isolation: { ...isolation, registryMirrors: [] } },
    ['allow-to-registry'],
  ],
  ['storage without addresses', { duros: { ...durosStorage, endpoints: [] } }, ['allow-to-storage']],
] as const)('There is no policy to nowhere for %s', (_, changes, absent) => {
  const names = Object.keys(policies(changes));
  expect(names).toContain('allow-to-dns');
  for (const name of absent) expect(names).not.toContain(name);
});
