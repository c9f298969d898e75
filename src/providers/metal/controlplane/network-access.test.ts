import { describe, expect, test } from 'vitest';
import { isolationOf, networkAccessOf } from './network-access.ts';

test.each([
  [undefined, 'baseline'],
  ['baseline', 'baseline'],
  ['restricted', 'restricted'],
  ['forbidden', 'forbidden'],
  ['Forbidden', 'restricted'],
  ['', 'restricted'],
])('%s is %s', (type, expected) => {
  expect(networkAccessOf(type)).toBe(expected);
});

describe('isolationOf', () => {
  const offered = {
    dnsServers: ['192.0.2.53', '2001:DB8:0::53'],
    ntpServers: ['192.0.2.123'],
    registryMirrors: [
      { name: 'ghcr', endpoint: 'https://ghcr.example.com', ip: '2001:db8::80', port: 443, mirrorOf: ['ghcr.io'] },
    ],
    allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['2001:db8::/32'] },
  };

  test('baseline needs none, and gets none', () => {
    expect(isolationOf('baseline', 'muc', { networkIsolation: offered })).toBeUndefined();
    expect(isolationOf('baseline', 'muc', {})).toBeUndefined();
  });

  test.each(['restricted', 'forbidden'] as const)(
    '%s: addresses of both families, as the partition has them',
    (access) => {
      expect(isolationOf(access, 'muc', { networkIsolation: offered })).toEqual({
        dnsServers: ['192.0.2.53', '2001:db8::53'],
        ntpServers: ['192.0.2.123'],
        registryMirrors: [{ name: 'ghcr', ip: '2001:db8::80', port: 443 }],
        allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['2001:db8::/32'] },
      });
    },
  );

  test.each([
    ['the partition has none', undefined, /cluster-isolation is not supported in partition "muc"/],
    ['nothing said', {}, /no dns configured .*no ntp configured/],
    ['no address', { ...offered, dnsServers: ['dns.example.com'] }, /dnsServers: "dns\.example\.com" is not an IP/],
    ['no port', { ...offered, registryMirrors: [{ name: 'm', ip: '192.0.2.1' }] }, /0 of "m" is not a port/],
  ])('%s', (_, networkIsolation, message) => {
    const partition = networkIsolation ? { networkIsolation } : {};
    expect(() => isolationOf('restricted', 'muc', partition)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), codes: ['ERR_CONFIGURATION_PROBLEM'] }),
    );
  });
});
