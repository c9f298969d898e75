import type { Worker } from '../../../apis/extensions/worker.ts';
import type { Facts } from './facts.ts';

export const CLUSTER = '5f2d0000-0000-4000-8000-000000000001';
const NAMESPACE = 'shoot--p--s';

const worker: Worker = {
  metadata: { name: 's', namespace: NAMESPACE },
  spec: {
    type: 'metal',
    region: 'fra',
    secretRef: { name: 'cloudprovider', namespace: NAMESPACE },
    sshPublicKey: btoa('ssh-rsa AAAA'),
    pools: [
      {
        name: 'workers',
        minimum: 1,
        maximum: 2,
        machineType: 'c1-xlarge-x86',
        machineImage: { name: 'ubuntu', version: '24.4' },
      },
    ],
  },
};

const baseline: Facts = {
  worker,
  namespace: NAMESPACE,
  scope: { clusterID: CLUSTER, projectID: 'project-1', partitionID: 'fra-equ01' },
  firewall: { size: 'n1-medium-x86', image: 'firewall-ubuntu-3.0', networks: ['internet', 'mpls'] },
  plane: {
    firewallControllerVersions: [
      { version: 'v2.4.0', url: 'https://fc.example.com/v2.4.0', classification: 'deprecated' },
      { version: 'v2.5.0', url: 'https://fc.example.com/v2.5.0', classification: 'supported' },
      { version: 'v2.6.0', url: 'https://fc.example.com/v2.6.0' },
    ],
    nftablesExporter: { version: 'v0.3.2', url: 'https://nft.example.com/v0.3.2' },
  },
  isolation: undefined,
  notedState: undefined,
  privateNetworkID: 'node-network',
  metalApi: { endpoint: 'https://metal.example.com/metal', credentials: { hmac: 'secret' } },
  config: {
    machineImages: [{ name: 'ubuntu', version: '24.4', image: 'ubuntu-24.4.20260114' }],
    firewallInternalPrefixes: ['10.0.0.0/8'],
  },
};

/** For tests: what is known of an ordinary cluster, but for what the test is about. */
export function factsWith(changes: Partial<Facts> = {}): Facts {
  return { ...baseline, ...changes };
}

export function firewallWith(changes: Facts['firewall']): Facts {
  return factsWith({ firewall: { ...baseline.firewall, ...changes } });
}

export function poolWith(changes: Partial<NonNullable<Worker['spec']['pools']>[number]>): Facts {
  const [pool] = worker.spec.pools ?? [];
  return factsWith({ worker: { ...worker, spec: { ...worker.spec, pools: pool ? [{ ...pool, ...changes }] : [] } } });
}

export const forbidden: NonNullable<Facts['isolation']> = {
  dnsServers: ['2001:db8::53', '192.0.2.53'],
  ntpServers: ['192.0.2.123'],
  allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['10.0.0.0/8', '2001:db8::/32'] },
};
