import { describe, expect, test } from 'vitest';
import { defaultFixture, FIREWALL_SIZE, OTHER_PROJECT, PARTITION, PROJECT, WORKER_SIZE } from '../fixture.ts';
import { fakeClock, type Reply, startForTest, type TestApi } from '../test-client.ts';

async function childNetwork({ call }: TestApi, more: object = {}): Promise<string> {
  const { body } = await call('POST', '/v1/network/allocate', { projectid: PROJECT, partitionid: PARTITION, ...more });
  return body.id;
}

const machine = (networkid: string): object => ({
  projectid: PROJECT,
  partitionid: PARTITION,
  sizeid: WORKER_SIZE,
  imageid: 'ubuntu-24.4',
  name: 'worker-1',
  hostname: 'worker-1',
  networks: [{ networkid, autoacquire: true }],
  ips: null,
  tags: ['cluster.metal-stack.io/id=C'],
});

const firewall = (networkid: string): object => ({
  ...machine(networkid),
  sizeid: FIREWALL_SIZE,
  imageid: 'firewall-ubuntu-3.0',
  networks: [{ networkid }, { networkid: 'internet', autoacquire: true }],
});

const allocate = (simulator: TestApi, body: object, kind = 'machine'): Promise<Reply> =>
  simulator.call('POST', `/v1/${kind}/allocate`, body, 'edit');

describe('allocate', () => {
  test('takes a waiting machine, an address of its network, an ASN and the newest image', async () => {
    await using simulator = await startForTest();
    const network = await childNetwork(simulator);
    const { status, body } = await allocate(simulator, machine(network));
    expect(status).toBe(200);
    expect(body.allocation).toMatchObject({
      role: 'machine',
      hostname: 'worker-1',
      project: PROJECT,
      creator: 'editor@example.org',
      image: { id: 'ubuntu-24.4.20260114' },
      dns_servers: [{ ip: '192.0.2.53' }],
      filesystemlayout: { id: 'default' },
      networks: [
        { networkid: network, networktype: 'privateprimaryunshared', private: true, ips: [expect.any(String)] },
      ],
    });
    const { asn, ips } = body.allocation.networks[0];
    expect(asn).toBeGreaterThan(4_210_000_000);
    expect(body.tags).toEqual([
      'cluster.metal-stack.io/id=C',
      `machine.metal-stack.io/network.primary.asn=${asn}`,
      `machine.metal-stack.io/rack=${body.rackid}`,
    ]);
    const { body: ip } = await simulator.call('GET', `/v1/ip/${ips[0]}`);
    expect(ip).toMatchObject({ type: 'ephemeral', tags: [`machine.metal-stack.io/id=${body.id}`], name: 'worker-1' });
  });

  test('of a firewall adds the underlay and takes both families of the internet', async () => {
    await using simulator = await startForTest();
    const { status, body } = await allocate(simulator, firewall(await childNetwork(simulator)), 'firewall');
    expect(status).toBe(200);
    const byType = Object.fromEntries(
      body.allocation.networks.map((n: { networktype: string; ips: string[] }) => [n.networktype, n.ips.length]),
    );
    expect(byType).toEqual({ privateprimaryunshared: 1, external: 2, underlay: 1 });
    expect((await simulator.call('GET', `/v1/firewall/${body.id}`)).status).toBe(200);
    const { body: found } = await simulator.call('POST', '/v1/firewall/find', {
      tags: ['cluster.metal-stack.io/id=C'],
    });
    expect(found).toHaveLength(1);
  });

  test.each<[string, object, number, string | RegExp]>([
    ['networks null', { networks: null }, 400, 'network ids cannot be nil'],
    ['networks empty', { networks: [] }, 400, 'network ids cannot be empty'],
    ['an unknown image', { imageid: 'suse-15' }, 400, 'NotFound no image for id:suse-15 found'],
    ['an image of firewalls', { imageid: 'firewall-ubuntu-3.0' }, 400, /not usable for a machine/],
    ['no project', { projectid: null }, 422, 'project id must be specified'],
    ['an unknown project', { projectid: 'none' }, 404, /no project with id "none"/],
    ['no partition', { partitionid: '' }, 422, /partition id must be specified/],
    ['an unknown size', { sizeid: 'none' }, 404, /no size with id "none"/],
    ['a size without machines', { sizeid: 'c1-medium-x86' }, 422, /no machine available$/],
    ['an unknown network', { networks: [{ networkid: 'none' }] }, 404, /no network with id "none"/],
    ['only an external network', { networks: [{ networkid: 'internet' }] }, 422, /no private network given/],
    ['the underlay', { networks: [{ networkid: `underlay-${PARTITION}` }] }, 422, /underlay/],
    ['the super network', { networks: [{ networkid: `tenant-super-network-${PARTITION}` }] }, 422, /private super/],
    [
      'a shared network of others',
      { networks: [{ networkid: `storage-net-${PARTITION}` }] },
      422,
      /does not belong to the project/,
    ],
    ['a partition elsewhere', { networks: [{ networkid: 'storage-net-muc-equ01' }] }, 422, /must be in the partition/],
    ['an address that is none', { ips: ['x'] }, 422, '"x" is not a valid IP address'],
    ['an unknown address', { ips: ['203.0.113.9'] }, 404, /no ip with id/],
    ['a bad SSH key', { ssh_pub_keys: ['nonsense'] }, 422, /invalid public SSH key/],
    ['too many DNS servers', { dns_servers: Array(4).fill({ ip: '1.1.1.1' }) }, 422, /maximum of 3 dns/],
    ['an unknown machine', { uuid: 'none' }, 404, /no machine with id "none"/],
  ])('with %s is refused and takes nothing', async (_, change, status, message) => {
    await using simulator = await startForTest();
    const network = await childNetwork(simulator);
    const reply = await allocate(simulator, { ...machine(network), ...change });
    expect([reply.status, reply.body.statuscode]).toEqual([status, status]);
    expect(reply.body.message).toMatch(message);
    expect(simulator.api.state.ips.size).toBe(0);
    expect([...simulator.api.state.machines.values()].filter(({ waiting }) => !waiting)).toEqual([]);
  });

  test('that runs out of addresses in one network gives back those of the others', async () => {
    const fixture = defaultFixture({ internetPrefixes: ['192.0.2.0/31'] });
    await using simulator = await startForTest({ fixture });
    const { status, body } = await allocate(simulator, firewall(await childNetwork(simulator)), 'firewall');
    expect([status, body.message]).toEqual([500, expect.stringMatching(/no ips left/)]);
    expect(simulator.api.state.ips.size).toBe(0);
  });

  test('spreads over racks, ends when the pool is empty, and never gives a machine twice', async () => {
    await using simulator = await startForTest();
    const network = await childNetwork(simulator);
    const replies = await Promise.all(Array.from({ length: 17 }, () => allocate(simulator, machine(network))));
    const got = replies.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(got).toHaveLength(16);
    expect(new Set(got.map(({ id }) => id)).size).toBe(16);
    expect(new Set(got.slice(0, 2).map(({ rackid }) => rackid)).size).toBe(2);
    expect(replies.find(({ status }) => status !== 200)?.body.message).toBe(
      'unable to find machine:no machine available',
    );
  });

  test('keeps to the quota of the project', async () => {
    const fixture = defaultFixture();
    const [project] = fixture.projects ?? [];
    if (!project) throw new Error('fixture without project');
    await using simulator = await startForTest({
      fixture: {
        ...fixture,
        projects: [{ ...project, quotas: { machine: { quota: 1 } } }, ...(fixture.projects?.slice(1) ?? [])],
      },
    });
    const network = await childNetwork(simulator);
    expect((await allocate(simulator, machine(network))).status).toBe(200);
    expect((await allocate(simulator, machine(network))).body.message).toBe('project quota for machines reached max:1');
  });

  test.each([
    [{ comment: 'no;semicolon' }, /illegal character/],
    [{ ports: [65_536] }, /out of range/],
    [{ to: ['10.0.0.0/8', '::/0'] }, /mixed address family/],
    [{ to: ['everywhere'] }, /invalid cidr/],
    [{ protocol: 'icmp' }, /invalid protocol/],
  ])('of a firewall refuses the rule %j', async (rule, message) => {
    await using simulator = await startForTest();
    const egress = [{ to: ['0.0.0.0/0'], ports: [443], protocol: 'tcp', comment: 'c', ...rule }];
    const body = { ...firewall(await childNetwork(simulator)), firewall_rules: { egress } };
    const reply = await allocate(simulator, body, 'firewall');
    expect([reply.status, reply.body.message]).toEqual([400, expect.stringMatching(message)]);
  });
});

describe('given addresses', () => {
  test('are tagged with the machine, and keep their other tags when it is freed', async () => {
    await using simulator = await startForTest();
    const { call } = simulator;
    const network = await childNetwork(simulator);
    const { body: ip } = await call('POST', '/v1/ip/allocate', {
      networkid: network,
      projectid: PROJECT,
      type: 'static',
      tags: ['mine'],
    });
    const { body } = await allocate(simulator, { ...machine(network), ips: [ip.ipaddress] });
    expect(body.allocation.networks[0].ips).toEqual([ip.ipaddress]);
    expect((await call('GET', `/v1/ip/${ip.ipaddress}`)).body.tags).toEqual([
      `machine.metal-stack.io/id=${body.id}`,
      'mine',
    ]);
    await call('DELETE', `/v1/machine/${body.id}/free`);
    expect((await call('GET', `/v1/ip/${ip.ipaddress}`)).body.tags).toEqual(['mine']);
  });

  test('of another project are refused', async () => {
    await using simulator = await startForTest();
    const { body: ip } = await simulator.call('POST', '/v1/ip/allocate', {
      networkid: 'internet',
      projectid: OTHER_PROJECT,
    });
    const network = await childNetwork(simulator);
    const networks = [{ networkid: network }, { networkid: 'internet', autoacquire: false }];
    const reply = await allocate(simulator, { ...machine(network), networks, ips: [ip.ipaddress] });
    expect([reply.status, reply.body.message]).toEqual([422, expect.stringMatching(/does not belong to project/)]);
  });
});

describe('free', () => {
  test('returns machine, addresses and tags, also a second time', async () => {
    await using simulator = await startForTest();
    const { call, api } = simulator;
    const network = await childNetwork(simulator);
    const { body } = await allocate(simulator, machine(network));
    const freed = await call('DELETE', `/v1/machine/${body.id}/free`, undefined, 'edit');
    expect([freed.status, freed.body.tags, freed.body.allocation]).toEqual([200, [], undefined]);
    expect((await call('DELETE', `/v1/machine/${body.id}/free`)).status).toBe(200);
    expect(api.state.ips.size).toBe(0);
    expect((await call('POST', '/v1/machine/find', { tags: ['cluster.metal-stack.io/id=C'] })).body).toEqual([]);
    expect((await call('DELETE', `/v1/network/free/${network}`)).status).toBe(200);
    expect((await call('DELETE', '/v1/machine/none/free')).status).toBe(404);
  });

  test('of a locked machine is refused, and only who locked it unlocks it', async () => {
    await using simulator = await startForTest();
    const { call } = simulator;
    const { body } = await allocate(simulator, machine(await childNetwork(simulator)));
    const path = `/v1/machine/${body.id}`;
    const set = (value: string, description: string, role: 'edit' | 'admin'): Promise<Reply> =>
      call('POST', `${path}/state`, { value, description }, role);
    expect((await set('LOCKED', '', 'admin')).status).toBe(400);
    expect((await set('LOCKED', 'mine', 'admin')).body.state.issuer).toBe('administrator@example.org');
    expect((await call('DELETE', `${path}/free`)).body).toEqual({ statuscode: 422, message: 'machine is locked' });
    expect((await set('', '', 'edit')).status).toBe(422);
    expect((await set('', '', 'admin')).status).toBe(200);
    expect((await call('DELETE', `${path}/free`)).status).toBe(200);
  });
});

test('hardware takes its time: Phoned Home after installation, Waiting after reclaim, and a free in between wins', async () => {
  const clock = fakeClock();
  await using simulator = await startForTest({ clock, timing: { provisioningMs: 3_000, reclaimMs: 4_000 } });
  const { call } = simulator;
  const network = await childNetwork(simulator);
  const { body } = await allocate(simulator, machine(network));
  const look = async (): Promise<[string, boolean | undefined]> => {
    const { body: now } = await call('GET', `/v1/machine/${body.id}`);
    return [now.events.log[0].event, now.allocation?.succeeded];
  };
  expect(await look()).toEqual(['Waiting', false]);
  clock.advance(1_000);
  expect(await look()).toEqual(['Installing', false]);
  clock.advance(2_000);
  expect(await look()).toEqual(['Phoned Home', true]);
  await call('POST', `/v1/machine/${body.id}/reinstall`, { id: body.id, imageid: 'debian-12' });
  clock.advance(1_000);
  await call('DELETE', `/v1/machine/${body.id}/free`);
  expect(await look()).toEqual(['Machine Reclaim', undefined]);
  clock.advance(3_000);
  expect((await allocate(simulator, { ...machine(network), uuid: body.id })).status).toBe(422);
  clock.advance(1_000);
  expect(await look()).toEqual(['Waiting', undefined]);
  expect((await allocate(simulator, { ...machine(network), uuid: body.id })).status).toBe(200);
});

describe('update', () => {
  test.each([
    [{ tags: ['x=1', 'x=2', 'bare'] }, ['bare', 'x=2']],
    [{ tags: [] }, ['cluster.metal-stack.io/id=C']],
    [{ tags: null, ssh_pub_keys: null }, ['cluster.metal-stack.io/id=C']],
    [{ tags: ['machine.metal-stack.io/rack=forged'] }, []],
  ])('%j leaves the user tags %j', async (change, tags) => {
    await using simulator = await startForTest();
    const { body } = await allocate(simulator, machine(await childNetwork(simulator)));
    const reply = await simulator.call('POST', '/v1/machine', { id: body.id, description: null, ...change });
    const system = body.tags.filter((tag: string) => tag.startsWith('machine.metal-stack.io/'));
    expect(reply.body.tags.toSorted()).toEqual([...tags, ...system].sort());
  });

  test('of a machine without allocation is refused', async () => {
    await using simulator = await startForTest();
    const [id] = simulator.api.state.machines.keys();
    const { status, body } = await simulator.call('POST', '/v1/machine', { id, description: null, tags: ['a'] });
    expect([status, body.message]).toEqual([400, 'only allocated machines can be updated']);
  });
});

test('find combines its conditions, and a machine is no firewall', async () => {
  await using simulator = await startForTest();
  const { call } = simulator;
  const network = await childNetwork(simulator);
  const { body } = await allocate(simulator, machine(network));
  const [address] = body.allocation.networks[0].ips;
  const count = async (find: object): Promise<number> =>
    (await call('POST', '/v1/machine/find', find, 'view')).body.length;
  const full = {
    id: body.id,
    allocation_project: PROJECT,
    tags: ['cluster.metal-stack.io/id=C'],
    allocation_role: 'machine',
  };
  expect(await count({ ...full, network_ids: null })).toBe(1);
  expect(await count({ ...full, allocation_role: 'firewall' })).toBe(0);
  expect(await count({ allocation_project: OTHER_PROJECT })).toBe(0);
  expect(await count({ network_ids: [network], network_ips: [address], allocation_succeeded: true })).toBe(1);
  expect(await count({ network_ips: ['10.128.0.0'] })).toBe(0);
  expect(await count({ partition_id: PARTITION, sizeid: FIREWALL_SIZE })).toBe(8);
  const { status, body: error } = await call('GET', `/v1/firewall/${body.id}`);
  expect([status, error.message]).toEqual([404, 'NotFound machine is not a firewall']);
});

test('image shorthands mean the highest version', async () => {
  await using simulator = await startForTest();
  const { call } = simulator;
  for (const [id, path, expected] of [
    ['ubuntu-24.4', '/latest', 'ubuntu-24.4.20260114'],
    ['ubuntu-24', '', 'ubuntu-24.4.20260114'],
    ['ubuntu-24.4.20251104', '', 'ubuntu-24.4.20251104'],
    ['firewall-ubuntu-3.0', '', 'firewall-ubuntu-3.0.20260112'],
  ]) {
    expect((await call('GET', `/v1/image/${id}${path}`, undefined, 'view')).body.id).toBe(expected);
  }
  expect((await call('GET', '/v1/image/ubuntu-24.4/query')).body).toHaveLength(2);
  const missing = await call('GET', '/v1/image/ubuntu-20.4');
  expect(missing).toEqual({
    status: 404,
    body: { statuscode: 404, message: 'NotFound no image for id:ubuntu-20.4 found' },
  });
});
