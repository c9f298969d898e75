import type { SecretConfig } from '../../secrets.ts';

/** Names of the configs; the Go extension has the same, so that its Secrets are adopted (metal-provider 3.3). */
export const CA = 'ca-provider-metal-controlplane';
export const CCM_SERVER = 'cloud-controller-manager-server';
export const FCM_SERVER = 'firewall-controller-manager';
const DROPTAILER_CA = 'ca-provider-metal-droptailer';
export const METALLB_CA = 'ca-provider-metal-metallb-webhook';
export const METALLB_CERTIFICATE = 'metallb-webhook-cert';
const METALLB_WEBHOOK = 'metallb-webhook-service.metallb-system.svc';

/**
 * All are signed by the new CA as soon as there is one: what verifies them gets the bundle, and a certificate of the old CA
 * must not be left when the bundle loses it.
 */
export function secretConfigs(namespace: string): readonly SecretConfig[] {
  return [
    { kind: 'ca', name: CA, commonName: CA },
    {
      kind: 'server',
      name: CCM_SERVER,
      commonName: 'cloud-controller-manager',
      dnsNames: serviceNames('cloud-controller-manager', namespace),
      signedBy: CA,
      useCurrentCA: true,
      publishCA: false,
    },
    {
      kind: 'server',
      name: FCM_SERVER,
      commonName: 'firewall-controller-manager',
      dnsNames: serviceNames('firewall-controller-manager', namespace),
      signedBy: CA,
      useCurrentCA: true,
    },
    { kind: 'ca', name: DROPTAILER_CA, commonName: DROPTAILER_CA },
    droptailer('client'),
    droptailer('server'),
    { kind: 'ca', name: METALLB_CA, commonName: METALLB_CA },
    {
      kind: 'server',
      name: METALLB_CERTIFICATE,
      commonName: METALLB_WEBHOOK,
      organization: ['metallb'],
      dnsNames: [METALLB_WEBHOOK],
      signedBy: METALLB_CA,
      useCurrentCA: true,
    },
  ];
}

const droptailer = (kind: 'client' | 'server'): SecretConfig => ({
  kind,
  name: `droptailer-${kind}`,
  commonName: 'droptailer',
  organization: [`droptailer-${kind}`],
  dnsNames: ['droptailer'],
  signedBy: DROPTAILER_CA,
  useCurrentCA: true,
});

const serviceNames = (service: string, namespace: string): readonly string[] => [
  service,
  `${service}.${namespace}`,
  `${service}.${namespace}.svc`,
  `${service}.${namespace}.svc.cluster.local`,
];
