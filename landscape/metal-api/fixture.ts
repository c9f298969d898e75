import type { FixtureInput } from './fixture-schema.ts';

export const PARTITION = 'fra-equ01';
export const DUAL_STACK_PARTITION = 'muc-equ01';
export const PROJECT = '11111111-1111-4111-8111-111111111111';
export const OTHER_PROJECT = '22222222-2222-4222-8222-222222222222';
export const WORKER_SIZE = 'c1-xlarge-x86';
export const FIREWALL_SIZE = 'n1-medium-x86';

export interface FixtureOptions {
  /** Prefixes of the private super network of `fra-equ01`. Default: room for 1,024 children of /22. */
  readonly superPrefixes?: readonly string[];
  /** Prefixes of the network `internet`. */
  readonly internetPrefixes?: readonly string[];
  /** Machines of the first partition, default 24; one in three is of the firewall size. */
  readonly machines?: number;
  /** Machines of the dual-stack partition, default 6. */
  readonly dualStackMachines?: number;
}

const EXPIRES = '2099-12-31T00:00:00.000Z';
const GIBIBYTE = 2 ** 30;

const image = (id: string, feature: 'machine' | 'firewall') => ({
  id,
  name: id,
  features: [feature],
  expirationDate: EXPIRES,
});

function size(id: string, cores: number, gibibytes: number) {
  const memory = gibibytes * GIBIBYTE;
  return {
    id,
    name: id,
    constraints: [
      { type: 'cores' as const, min: cores, max: cores },
      { type: 'memory' as const, min: memory, max: memory },
    ],
  };
}

function machines(partitionid: string, count: number, tail: string) {
  return Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8${tail}-${(index + 1).toString(16).padStart(12, '0')}`,
    partitionid,
    sizeid: index % 3 === 2 ? FIREWALL_SIZE : WORKER_SIZE,
    rackid: `${partitionid}-rack0${(index % 2) + 1}`,
  }));
}

/** Two partitions (the second dual-stack), two projects, the usual networks, and a pool of waiting machines. */
export function defaultFixture(options: FixtureOptions = {}): FixtureInput {
  const partitions = [PARTITION, DUAL_STACK_PARTITION];
  return {
    projects: [
      { id: PROJECT, name: 'espalier', description: 'where the example Shoot lives', tenant_id: 'garden' },
      { id: OTHER_PROJECT, name: 'neighbour', description: 'somebody else', tenant_id: 'other' },
    ],
    partitions: partitions.map((id) => ({
      id,
      name: id,
      description: `simulated partition ${id}`,
      dns_servers: [{ ip: '192.0.2.53' }],
      ntp_servers: [{ address: 'ntp.example.org' }],
    })),
    sizes: [size(WORKER_SIZE, 12, 96), size(FIREWALL_SIZE, 4, 32), size('c1-medium-x86', 8, 64)],
    images: [
      image('ubuntu-24.4.20251104', 'machine'),
      image('ubuntu-24.4.20260114', 'machine'),
      image('debian-12.0.20251201', 'machine'),
      image('debian-12.0.20260120', 'machine'),
      image('firewall-ubuntu-3.0.20251110', 'firewall'),
      image('firewall-ubuntu-3.0.20260112', 'firewall'),
    ],
    filesystemLayouts: [
      { id: 'default', sizes: [WORKER_SIZE, 'c1-medium-x86'], images: { ubuntu: '*', debian: '*' } },
      { id: 'firewall', sizes: [FIREWALL_SIZE], images: { 'firewall-ubuntu': '*' } },
    ],
    networks: [
      ...partitionNetworks(PARTITION, [...(options.superPrefixes ?? ['10.128.0.0/12'])], 0),
      ...partitionNetworks(DUAL_STACK_PARTITION, ['10.144.0.0/12', '2001:db8:1000::/40'], 1),
      ...externalNetworks(options.internetPrefixes ?? ['203.0.113.0/24', '2001:db8:0:113::/64']),
    ],
    machines: [
      ...machines(PARTITION, options.machines ?? 24, '000'),
      ...machines(DUAL_STACK_PARTITION, options.dualStackMachines ?? 6, '001'),
    ],
  };
}

function partitionNetworks(partitionid: string, superPrefixes: string[], index: number) {
  const dualStack = superPrefixes.some((cidr) => cidr.includes(':'));
  return [
    {
      id: `tenant-super-network-${partitionid}`,
      name: `Project Super Network of ${partitionid}`,
      partitionid,
      prefixes: superPrefixes,
      privatesuper: true,
      defaultchildprefixlength: dualStack ? { IPv4: 22, IPv6: 64 } : { IPv4: 22 },
    },
    {
      id: `underlay-${partitionid}`,
      name: `Underlay of ${partitionid}`,
      partitionid,
      prefixes: [`10.${64 + index}.0.0/16`],
      underlay: true,
    },
    {
      id: `storage-net-${partitionid}`,
      name: `Storage of ${partitionid}`,
      partitionid,
      parentnetworkid: `tenant-super-network-${partitionid}`,
      projectid: OTHER_PROJECT,
      prefixes: [index === 0 ? '10.131.252.0/22' : '10.147.252.0/22'],
      destinationprefixes: ['10.200.0.0/24'],
      shared: true,
      vrf: 4_000_001 + index,
      labels: { 'network.metal-stack.io/partition-storage': '' },
    },
  ];
}

function externalNetworks(internetPrefixes: readonly string[]) {
  const dualStack = internetPrefixes.some((cidr) => cidr.includes(':'));
  return [
    {
      id: 'internet',
      name: 'Internet',
      prefixes: [...internetPrefixes],
      destinationprefixes: dualStack ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'],
      nat: true,
      vrf: 4_009_999,
      labels: { 'network.metal-stack.io/default': '', 'network.metal-stack.io/default-external': '' },
    },
    {
      id: 'mpls',
      name: 'MPLS',
      prefixes: ['198.51.100.0/24'],
      destinationprefixes: ['192.0.2.0/24'],
      nat: true,
      vrf: 4_008_888,
    },
  ];
}
