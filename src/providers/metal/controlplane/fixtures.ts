import type { ManagedSecret } from '../../secrets.ts';
import { createImages } from '../images.ts';
import { testManifests } from '../manifests/fixtures.ts';
import type { ControlPlaneModel } from './model.ts';
import { secretConfigs } from './secrets.ts';

const NAMESPACE = 'shoot--p--s';

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Certificates in name only: the base64 of `<field> of <config>`. */
function managedSecret(name: string): ManagedSecret {
  const fields = name.startsWith('ca-') ? ['ca.crt', 'ca.key'] : ['ca.crt', 'tls.crt', 'tls.key'];
  const data = Object.fromEntries(fields.map((field) => [field, encode(`${field} of ${name}`)]));
  return { name: `${name}-01234567`, data, checksum: `checksum-of-${name}` };
}

const configs = secretConfigs(NAMESPACE);

const bundle = (name: string): ManagedSecret => ({
  name: `${name}-bundle-01234567`,
  data: { 'bundle.crt': encode(`bundle of ${name}`) },
  checksum: `checksum-of-${name}-bundle`,
});

const baseline: ControlPlaneModel = {
  namespace: NAMESPACE,
  clusterID: '5f2d0000-0000-4000-8000-000000000001',
  projectID: 'project-1',
  partitionID: 'muc',
  metalApi: { url: 'https://metal.example.com/metal', credentials: 'metalAPIHMac' },
  nodeNetworkID: 'node-network',
  nodeCIDRs: ['10.0.0.0/22'],
  firewallNetworks: ['internet', 'mpls'],
  defaultExternalNetwork: 'internet',
  loadBalancer: 'metallb',
  ssh: { publicKey: 'ssh-rsa AAAA', secretName: 'ssh-keypair-01234567' },
  seedApiUrl: 'https://api.seed.example.com',
  shootApiUrl: 'https://api.s.p.example.com',
  apiServerAddresses: ['203.0.113.10'],
  networkAccess: 'baseline',
  isolation: undefined,
  firewallTimeouts: { health: undefined, create: undefined },
  scaledDown: false,
  featureGates: {},
  csiLvm: { isDefault: true },
  duros: undefined,
  ingressController: undefined,
  imagePullPolicy: 'IfNotPresent',
  images: createImages(),
  manifests: testManifests,
  genericKubeconfigSecret: 'generic-token-kubeconfig-01234567',
  secrets: new Map(configs.map(({ name }) => [name, managedSecret(name)])),
  bundles: new Map(configs.filter(({ kind }) => kind === 'ca').map(({ name }) => [name, bundle(name)])),
  checksums: new Map([...configs.map(({ name }) => name), 'cloudprovider'].map((name) => [name, `sha-of-${name}`])),
};

/** For tests: the model of an ordinary cluster, but for what the test is about. */
export function modelWith(changes: Partial<ControlPlaneModel> = {}): ControlPlaneModel {
  return { ...baseline, ...changes };
}

/** What an isolated cluster may reach, in both families. */
export const isolation = {
  dnsServers: ['192.0.2.53', '2001:db8::53'],
  ntpServers: ['192.0.2.123', '2001:db8::123'],
  registryMirrors: [
    { name: 'ghcr', ip: '192.0.2.80', port: 443 },
    { name: 'quay', ip: '2001:db8::80', port: 5000 },
  ],
  allowedNetworks: { ingress: ['10.0.0.0/8', '2001:db8::/32'], egress: ['10.0.0.0/8', '2001:db8::/32'] },
} satisfies ControlPlaneModel['isolation'];

/** Storage of both families, with one class that encrypts. */
export const durosStorage = {
  endpoints: ['192.0.2.1:443', '[2001:db8::1]:443'],
  adminKey: 'the admin key',
  adminToken: 'the admin token',
  apiEndpoint: 'duros.example.com:443',
  apiCA: 'the ca',
  apiCertificate: { cert: 'the cert', key: 'the key' },
  storageClasses: [
    { name: 'partition-gold', replicas: 3, compression: true, encryption: false, default: false },
    { name: 'partition-gold-encrypted', replicas: 3, compression: true, encryption: true, default: false },
  ],
} satisfies ControlPlaneModel['duros'];
