import { expect, test } from 'vitest';
import { cluster } from '../../apis/extensions/cluster.ts';
import { endpointOf } from './cloud-profile.ts';

const clusterWith = (providerConfig: unknown) =>
  cluster.parse({
    metadata: { name: 'shoot--p--s' },
    spec: {
      shoot: { metadata: { name: 's' }, spec: {} },
      cloudProfile: { metadata: { name: 'metal' }, spec: { providerConfig } },
    },
  });
const planes = (metalControlPlanes: object) => ({ kind: 'CloudProfileConfig', metalControlPlanes });
const plane = (endpoint: unknown, ...partitions: string[]) => ({
  endpoint,
  partitions: Object.fromEntries(partitions.map((name) => [name, {}])),
});

test('the endpoint is that of the partition', () => {
  const config = planes({ one: plane('http://one/metal', 'z1'), two: plane('https://two/metal', 'z2') });
  expect(endpointOf(clusterWith(config), 'z2')).toBe('https://two/metal');
});

test.each([
  [undefined, /providerConfig of the CloudProfile metal is not set/],
  ['text', /providerConfig of the CloudProfile metal is invalid/],
  [{}, /no metal control plane found for partition z1 in cloud profile config/],
  [planes({ one: { endpoint: 'http://one', partitions: null } }), /no metal control plane found/],
  [planes({ one: plane('http://one', 'z2') }), /no metal control plane found/],
  [planes({ two: plane('http://two', 'z1'), one: plane('http://one', 'z1') }), /z1 is listed in several .*: one, two$/],
  [planes({ one: plane(undefined, 'z1') }), /not an http\(s\) URL/],
  [planes({ one: plane('metal-api:8080', 'z1') }), /not an http\(s\) URL/],
  [planes({ one: plane('file:///etc/passwd', 'z1') }), /not an http\(s\) URL/],
])('a profile that does not tell is a configuration problem (%#)', (config, message) => {
  expect(() => endpointOf(clusterWith(config), 'z1')).toThrow(
    expect.objectContaining({ codes: ['ERR_CONFIGURATION_PROBLEM'], message: expect.stringMatching(message) }),
  );
});

test.each(['toString', '__proto__', 'constructor'])('%s is no partition', (name) => {
  expect(() => endpointOf(clusterWith(planes({ one: plane('http://one', 'z1') })), name)).toThrow(
    /no metal control plane/,
  );
});
