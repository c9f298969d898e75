import { expect, test } from 'vitest';
import { cluster } from '../../../apis/extensions/cluster.ts';
import { isolationIn } from './isolation.ts';

const allowedNetworks = { ingress: ['10.0.0.0/8'], egress: ['10.0.0.0/8'] };
const servers = { dnsServers: ['192.0.2.53'], ntpServers: ['192.0.2.123'] };

function isolationOfShoot(controlPlaneConfig: unknown, networkIsolation: object) {
  const shoot = { metadata: { name: 's' }, spec: { provider: { controlPlaneConfig } } };
  const parsed = cluster.parse({ metadata: { name: 'shoot--p--s' }, spec: { shoot } });
  return isolationIn(parsed, { partitions: { fra: { networkIsolation } } }, 'fra');
}

test.each([
  [null, undefined],
  [undefined, undefined],
  [{ networkAccessType: null }, undefined],
  [{ networkAccessType: 'baseline' }, undefined],
  [{ networkAccessType: 'restricted' }, { ...servers, allowedNetworks: undefined }],
  [{ networkAccessType: 'forbidden' }, { ...servers, allowedNetworks }],
])('%j', (config, expected) => {
  expect(isolationOfShoot(config, { ...servers, allowedNetworks })).toEqual(expected);
});

test('forbidden needs networks that are allowed', () => {
  const attempt = () => isolationOfShoot({ networkAccessType: 'forbidden' }, servers);
  expect(attempt).toThrow(/requires partition "fra" to have networkIsolation\.allowedNetworks/);
});
