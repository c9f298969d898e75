import { expect, test } from 'vitest';
import { secretConfigs } from './secrets.ts';

test('the certificates have the names and subjects that the Go extension gave them', () => {
  expect(
    secretConfigs('shoot--p--s').map((config) => [
      config.name,
      config.commonName,
      ...(config.kind === 'ca' ? [] : [config.kind, config.signedBy, config.dnsNames?.[0], config.organization?.[0]]),
    ]),
  ).toEqual([
    ['ca-provider-metal-controlplane', 'ca-provider-metal-controlplane'],
    [
      'cloud-controller-manager-server',
      'cloud-controller-manager',
      'server',
      'ca-provider-metal-controlplane',
      'cloud-controller-manager',
      undefined,
    ],
    [
      'firewall-controller-manager',
      'firewall-controller-manager',
      'server',
      'ca-provider-metal-controlplane',
      'firewall-controller-manager',
      undefined,
    ],
    ['ca-provider-metal-droptailer', 'ca-provider-metal-droptailer'],
    ['droptailer-client', 'droptailer', 'client', 'ca-provider-metal-droptailer', 'droptailer', 'droptailer-client'],
    ['droptailer-server', 'droptailer', 'server', 'ca-provider-metal-droptailer', 'droptailer', 'droptailer-server'],
    ['ca-provider-metal-metallb-webhook', 'ca-provider-metal-metallb-webhook'],
    [
      'metallb-webhook-cert',
      'metallb-webhook-service.metallb-system.svc',
      'server',
      'ca-provider-metal-metallb-webhook',
      'metallb-webhook-service.metallb-system.svc',
      'metallb',
    ],
  ]);
});

test('the API server finds firewall-controller-manager under the name of its Service', () => {
  const config = secretConfigs('shoot--p--s').find(({ name }) => name === 'firewall-controller-manager');
  expect(config).toMatchObject({
    dnsNames: expect.arrayContaining(['firewall-controller-manager.shoot--p--s.svc']),
    useCurrentCA: true,
  });
});
