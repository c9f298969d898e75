import { beforeAll, describe, expect, test } from 'vitest';
import { type Contract, createContract } from './contract.ts';
import { DUAL_STACK_PARTITION, FIREWALL_SIZE, PARTITION, PROJECT, WORKER_SIZE } from './fixture.ts';
import { routes } from './routes.ts';
import { startForTest, type TestApi } from './test-client.ts';

type Call = TestApi['call'];

async function allocate(call: Call, kind: 'machine' | 'firewall', network: string) {
  const { status, body } = await call('POST', `/v1/${kind}/allocate`, {
    description: null,
    dns_servers: [{ ip: '1.1.1.1' }],
    firewall_rules: { egress: [{ to: ['0.0.0.0/0'], ports: [443], comment: 'https', protocol: 'tcp' }], ingress: null },
    hostname: 'node',
    imageid: kind === 'machine' ? 'ubuntu-24.4' : 'firewall-ubuntu-3.0',
    ips: null,
    name: 'node',
    networks: [
      { networkid: network, autoacquire: true },
      ...(kind === 'firewall' ? [{ networkid: 'internet', autoacquire: null }] : []),
    ],
    ntp_servers: [{ address: 'ntp.example.org' }],
    partitionid: DUAL_STACK_PARTITION,
    placement_tags: ['cluster.metal-stack.io/id=C'],
    projectid: PROJECT,
    sizeid: kind === 'machine' ? WORKER_SIZE : FIREWALL_SIZE,
    ssh_pub_keys: null,
    tags: ['cluster.metal-stack.io/id=C'],
    user_data: '{}',
    ...(kind === 'machine' ? { firewall_rules: undefined } : {}),
  });
  expect({ kind, status, body }).toMatchObject({ status: 200 });
  return body;
}

async function driveNetworksAndIps(call: Call): Promise<void> {
  const network = {
    projectid: PROJECT,
    partitionid: DUAL_STACK_PARTITION,
    name: 'n',
    labels: { a: 'b' },
    destinationprefixes: null,
  };
  const { body: child } = await call('POST', '/v1/network/allocate', network);
  const { body: second } = await call('POST', '/v1/network/allocate', network);
  await call('GET', '/v1/network');
  await call('GET', `/v1/network/${child.id}`);
  await call('POST', '/v1/network/find', {
    projectid: PROJECT,
    prefixes: null,
    destinationprefixes: null,
    labels: { a: 'b' },
  });
  await call('POST', '/v1/network', { id: child.id, name: 'renamed', prefixes: null, destinationprefixes: null });
  const created = {
    id: 'dc',
    prefixes: ['192.168.7.0/24'],
    destinationprefixes: [],
    nat: false,
    privatesuper: false,
    underlay: false,
  };
  await call('PUT', '/v1/network', { ...created, nattype: 'none', networktype: 'external' });
  await call('DELETE', '/v1/network/dc');

  const ip = { networkid: child.id, projectid: PROJECT, type: 'static', tags: null };
  const { body: first } = await call('POST', '/v1/ip/allocate', ip);
  const specific = (second.prefixes as string[])[1]?.replace('::/64', '::5') ?? '';
  await call('POST', `/v1/ip/allocate/${encodeURIComponent(specific)}`, { ...ip, networkid: second.id });
  await call('GET', '/v1/ip');
  await call('GET', `/v1/ip/${encodeURIComponent(specific)}`);
  await call('POST', '/v1/ip/find', { projectid: PROJECT, tags: null });
  await call('POST', '/v1/ip', { ipaddress: first.ipaddress, type: null, tags: [] });
  await call('DELETE', `/v1/ip/free/${first.ipaddress}`);
  await call('DELETE', `/v1/ip/free/${encodeURIComponent(specific)}`);
  await call('DELETE', `/v1/network/free/${child.id}`);
  await call('POST', `/v1/network/free/${second.id}`);
}

const POWER = [
  'on',
  'off',
  'reset',
  'cycle',
  'bios',
  'disk',
  'pxe',
  'chassis-identify-led-on',
  'chassis-identify-led-off',
];

async function driveMachines({ api, call }: TestApi): Promise<void> {
  const network = { projectid: PROJECT, partitionid: DUAL_STACK_PARTITION };
  const { body: child } = await call('POST', '/v1/network/allocate', network);
  const machine = await allocate(call, 'machine', child.id);
  const firewall = await allocate(call, 'firewall', child.id);
  for (const kind of ['machine', 'firewall']) {
    await call('GET', `/v1/${kind}`);
    await call('GET', `/v1/${kind}/${firewall.id}`);
    await call('POST', `/v1/${kind}/find`, {
      allocation_project: PROJECT,
      tags: null,
      network_ids: null,
      disk_sizes: null,
    });
  }
  await call('POST', '/v1/machine', { id: machine.id, description: null, tags: ['a=b'], ssh_pub_keys: null });
  for (const command of POWER) await call('POST', `/v1/machine/${machine.id}/power/${command}`, {});
  const state = { value: 'RESERVED', description: 'mine', metal_hammer_version: null };
  await call('POST', `/v1/machine/${machine.id}/state`, state);
  await call('POST', `/v1/machine/${machine.id}/reinstall`, { id: machine.id, imageid: 'ubuntu-24.4' });
  await call('GET', '/v1/machine/issues');
  await call('POST', '/v1/machine/issues/evaluate', { last_error_threshold: 1, omit: [], only: [], severity: 'minor' });
  await call('DELETE', `/v1/machine/${machine.id}/free`);
  for (const other of api.state.machines.values()) if (!other.allocation) other.liveliness = 'Dead';
  await call('DELETE', `/v1/machine/${machine.id}`);
}

const READS: readonly [method: string, path: string, body?: unknown][] = [
  ['GET', '/v1/project'],
  ['GET', `/v1/project/${PROJECT}`],
  ['POST', '/v1/project/find', { id: PROJECT }],
  ['GET', '/v1/partition'],
  ['GET', `/v1/partition/${PARTITION}`],
  ['POST', '/v1/partition/capacity', { projectid: null }],
  ['GET', '/v1/size'],
  ['GET', `/v1/size/${WORKER_SIZE}`],
  ['POST', '/v1/size/suggest', { machineID: '00000000-0000-4000-8000-000000000001' }],
  ['GET', '/v1/filesystemlayout'],
  ['GET', '/v1/filesystemlayout/default'],
  ['GET', '/v1/image?show-usage=true'],
  ['GET', '/v1/image/ubuntu-24.4'],
  ['GET', '/v1/image/ubuntu-24.4/latest'],
  ['GET', '/v1/image/ubuntu-24.4/query'],
  ['POST', '/v1/image/find', { os: 'ubuntu', features: null }],
  ['GET', '/v1/health'],
  ['GET', '/v1/version'],
  ['GET', '/v1/user/me'],
  ['POST', '/v1/vpn/authkey', { pid: PROJECT, ephemeral: true, reason: 'test' }],
];

test('every endpoint keeps metal-api.json, in success and in failure', async () => {
  await using simulator = await startForTest({ contract: true });
  const { api, call } = simulator;
  await driveNetworksAndIps(call);
  await driveMachines(simulator);
  for (const [method, path, body] of READS) await call(method, path, body);
  const succeeded = new Set(
    api.calls
      .since()
      .filter(({ status }) => status < 300)
      .map(({ operation }) => operation),
  );
  expect(routes.map(({ operation }) => operation).filter((operation) => !succeeded.has(operation))).toEqual([]);

  await call('GET', '/v1/network/none');
  await call('POST', '/v1/ip/allocate', { networkid: 'none', projectid: PROJECT, type: 'static' });
  await call('GET', '/v1/ip', undefined, 'nobody' as 'view');
  expect(api.violations).toEqual([]);
});

test('a request whose answer is lost is checked as well', async () => {
  await using simulator = await startForTest({ contract: true });
  simulator.api.knobs.nextLost('*');
  await expect(simulator.call('POST', '/v1/network/find', { project: PROJECT })).rejects.toThrow('fetch failed');
  expect(simulator.api.violations).toHaveLength(1);
});

test('a breach on the wire is recorded once and shown to other processes', async () => {
  await using simulator = await startForTest({ contract: true });
  const { api, call } = simulator;
  await call('POST', '/v1/network/find', { project: PROJECT });
  await call('POST', '/v1/network/find', { project: PROJECT });
  expect(api.violations).toEqual(['POST /v1/network/find request: / must NOT have additional properties (project)']);
  await call('GET', '/v1/networks');
  expect(api.violations.slice(1)).toEqual(['GET /v1/networks: not in metal-api.json']);
  const state = await fetch(new URL('/_simulator/state', api.url)).then((response) => response.json());
  expect(state).toMatchObject({ violations: api.violations });
});

describe('validation', () => {
  let contract: Contract;
  beforeAll(() => {
    contract = createContract();
  });

  const ip = { allocationuuid: 'u', ipaddress: '10.0.0.1', networkid: 'n', projectid: 'p', type: 'static' };

  test.each<[string, () => string[], number]>([
    [
      'null members of a request',
      () => contract.validateRequest('POST', '/v1/ip', { ipaddress: '10.0.0.1', type: null, tags: null }),
      0,
    ],
    ['a missing required member', () => contract.validateRequest('POST', '/v1/ip', { ipaddress: '10.0.0.1' }), 1],
    ['an unknown member', () => contract.validateRequest('POST', '/v1/ip/find', { tag: [] }), 1],
    ['a member of the wrong type', () => contract.validateRequest('POST', '/v1/ip/find', { tags: 'a' }), 2],
    [
      'a value that the enum does not have',
      () => contract.validateRequest('POST', '/v1/ip/find', { addressfamily: 'ipv4' }),
      1,
    ],
    ['a body where none belongs', () => contract.validateRequest('GET', '/v1/ip', {}), 1],
    ['an unknown path', () => contract.validateRequest('GET', '/v1/ips', undefined), 1],
    ['a good answer', () => contract.validateResponse('GET', '/v1/ip/10.0.0.1', 200, ip), 0],
    [
      'null for a list in an answer',
      () => contract.validateResponse('GET', '/v1/ip/10.0.0.1', 200, { ...ip, tags: null }),
      0,
    ],
    [
      'null for a text in an answer',
      () => contract.validateResponse('GET', '/v1/ip/10.0.0.1', 200, { ...ip, name: null }),
      1,
    ],
    [
      'a time that is none',
      () => contract.validateResponse('GET', '/v1/ip/10.0.0.1', 200, { ...ip, created: 'now' }),
      1,
    ],
    ['a success status that is not described', () => contract.validateResponse('POST', '/v1/ip/allocate', 200, ip), 1],
    ['an error', () => contract.validateResponse('GET', '/v1/ip/x', 404, { statuscode: 404, message: 'm' }), 0],
    ['an error without its message', () => contract.validateResponse('GET', '/v1/ip/x', 404, { statuscode: 404 }), 1],
  ])('%s', (_, check, faults) => {
    const found = check();
    if (faults === 0) expect(found).toEqual([]);
    else expect(found.length).toBeGreaterThan(0);
  });
});
