import { describe, expect, test } from 'vitest';
import { DUAL_STACK_PARTITION, defaultFixture, OTHER_PROJECT, PARTITION, PROJECT } from '../fixture.ts';
import { type Reply, startForTest, type TestApi } from '../test-client.ts';

const allocate = ({ call }: TestApi, more: object = {}): Promise<Reply> =>
  call('POST', '/v1/network/allocate', { projectid: PROJECT, partitionid: PARTITION, ...more }, 'edit');

describe('allocate', () => {
  test('takes the next child prefix and its own VRF each time, and stores the labels', async () => {
    await using simulator = await startForTest();
    const labels = { 'cluster.metal-stack.io/id': 'C' };
    const first = await allocate(simulator, { name: 'n', labels });
    const second = await allocate(simulator, { name: 'n', labels });
    expect([first.status, first.body.prefixes, second.body.prefixes]).toEqual([
      201,
      ['10.128.0.0/22'],
      ['10.128.4.0/22'],
    ]);
    expect(first.body).toMatchObject({ name: 'n', labels, networktype: 'child', nattype: 'none', projectid: PROJECT });
    expect(first.body.vrf).not.toBe(second.body.vrf);
    expect(first.body.consumption).toEqual({
      ipv4: { available_ips: 1024, used_ips: 2, available_prefixes: 256, used_prefixes: 0 },
    });
  });

  test.each([
    [{}, ['10.144.0.0/22', '2001:db8:1000::/64']],
    [{ addressfamily: 'IPv6' }, ['2001:db8:1000::/64']],
    [{ length: { IPv4: 26 } }, ['10.144.0.0/26', '2001:db8:1000::/64']],
    [{ addressfamily: 'IPv4', length: { IPv4: 24 } }, ['10.144.0.0/24']],
  ])('in a dual-stack partition with %j gives %j', async (more, prefixes) => {
    await using simulator = await startForTest();
    const { body } = await allocate(simulator, { partitionid: DUAL_STACK_PARTITION, ...more });
    expect(body.prefixes).toEqual(prefixes);
  });

  test.each([
    [{ projectid: null }, 400, 'projectid should not be empty'],
    [{ partitionid: '' }, 400, 'partitionid should not be empty'],
    [{ projectid: 'none' }, 404, 'NotFound no project with id "none" found'],
    [{ partitionid: 'none' }, 404, 'NotFound no partition with id "none" found'],
    [{ addressfamily: 'IPv6' }, 400, /there is no prefix for the given addressfamily:IPv6/],
    [{ destinationprefixes: ['all'] }, 400, /given cidr all is not a valid/],
    [{ length: { IPv4: 99 } }, 400, /length/],
    [{ length: { IPv4: 8 } }, 422, /must be greater than prefix length/],
    [{ labels: ['a'] }, 400, /labels/],
  ])('%j is answered with %i', async (more, statuscode, message) => {
    await using simulator = await startForTest();
    const before = simulator.api.state.networks.size;
    const { status, body } = await allocate(simulator, more);
    expect(status).toBe(statuscode);
    expect(body).toEqual({ statuscode, message: expect.stringMatching(message) });
    expect(simulator.api.state.networks.size).toBe(before);
  });

  test('300 clusters fit, and an exhausted super network leaks nothing of the other family', async () => {
    await using simulator = await startForTest();
    const replies = await Promise.all(Array.from({ length: 300 }, () => allocate(simulator)));
    expect(new Set(replies.map(({ status, body }) => `${status} ${body.prefixes}`)).size).toBe(300);

    const fixture = defaultFixture();
    const tiny = {
      id: 'tiny',
      partitionid: 'tiny',
      prefixes: ['2001:db8:f::/62', '10.9.0.0/24'],
      privatesuper: true,
      defaultchildprefixlength: { IPv4: 25, IPv6: 64 },
    };
    await using small = await startForTest({
      fixture: { ...fixture, partitions: [{ id: 'tiny' }], networks: [tiny], machines: [] },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await allocate(small, { partitionid: 'tiny' })).status);
    expect(statuses).toEqual([201, 201, 422]);
    const { body } = await small.call('GET', '/v1/network/tiny');
    expect(body.consumption).toMatchObject({ ipv4: { used_prefixes: 2 }, ipv6: { used_prefixes: 2 } });
  });
});

describe('find', () => {
  test.each([
    [{ labels: { a: 'b' } }, 1],
    [{ labels: { a: 'x' } }, 0],
    [{ labels: { toString: '' } }, 0],
    [{ prefixes: ['10.128.0.0/22'], projectid: PROJECT }, 1],
    [{ prefixes: ['10.128.0.0/22'], projectid: OTHER_PROJECT }, 0],
    [{ prefixes: null, labels: null, id: '', projectid: PROJECT }, 1],
    [{ privatesuper: true }, 2],
    [{ parentnetworkid: 'tenant-super-network-fra-equ01' }, 2],
    [{ addressfamily: 'IPv6', privatesuper: true }, 1],
    [{ destinationprefixes: ['0.0.0.0/0'] }, 1],
    [{ vrf: 4_009_999 }, 1],
  ])('%j finds %i', async (find, count) => {
    await using simulator = await startForTest();
    await allocate(simulator, { labels: { a: 'b' } });
    const { body } = await simulator.call('POST', '/v1/network/find', find, 'view');
    expect(body).toHaveLength(count);
  });
});

describe('free', () => {
  test('refuses while an address is in use, and gives prefix and VRF back afterwards', async () => {
    await using simulator = await startForTest();
    const { call } = simulator;
    const { body: network } = await allocate(simulator);
    const { body: ip } = await call('POST', '/v1/ip/allocate', { networkid: network.id, projectid: PROJECT });
    const refused = await call('DELETE', `/v1/network/free/${network.id}`, undefined, 'edit');
    expect(refused).toEqual({
      status: 422,
      body: { statuscode: 422, message: 'prefix 10.128.0.0/22 has ips, deletion not possible' },
    });
    await call('DELETE', `/v1/ip/free/${ip.ipaddress}`);
    const freed = await call('DELETE', `/v1/network/free/${network.id}`, undefined, 'edit');
    expect(freed).toMatchObject({ status: 200, body: { id: network.id, consumption: {} } });
    expect((await call('GET', `/v1/network/${network.id}`)).status).toBe(404);
    expect((await call('DELETE', `/v1/network/free/${network.id}`)).status).toBe(404);
    expect((await allocate(simulator)).body.prefixes).toEqual(network.prefixes);
  });

  test('of a network that is no child is refused', async () => {
    await using simulator = await startForTest();
    const { status, body } = await simulator.call('DELETE', '/v1/network/free/internet');
    expect([status, body.message]).toEqual([422, 'prefix 203.0.113.0/24 is no child prefix']);
    expect(simulator.api.state.networks.has('internet')).toBe(true);
  });
});

describe('administration', () => {
  const network = { id: 'dc', prefixes: ['192.168.7.0/24'], destinationprefixes: [] };

  test.each([
    [network, 201, undefined],
    [{ ...network, prefixes: ['10.128.9.0/24'] }, 400, '10.128.9.0/24 overlaps 10.128.0.0/12'],
    [{ ...network, prefixes: ['nonsense'] }, 400, 'given cidr nonsense is not a valid ip with mask'],
    [{ ...network, id: 'internet' }, 409, /already exists/],
    [{ ...network, underlay: true, nat: true }, 400, 'an underlay network is not supposed to NAT'],
    [{ ...network, underlay: true, partitionid: PARTITION }, 400, /already has an underlay network/],
    [{ ...network, privatesuper: true, partitionid: PARTITION }, 400, /already has a private super network/],
    [{ ...network, additionalAnnouncableCIDRs: ['10.0.0.0/8'] }, 400, /only be set in a private super network/],
    [{ ...network, vrf: 4_009_999 }, 400, /vrf/],
  ])('create %j is answered with %i', async (body, status, message) => {
    await using simulator = await startForTest();
    const reply = await simulator.call('PUT', '/v1/network', body);
    expect(reply.status).toBe(status);
    if (message !== undefined) expect(reply.body.message).toMatch(message);
  });

  test('shared is for ever, prefixes in use stay, labels are replaced', async () => {
    await using simulator = await startForTest();
    const { call } = simulator;
    const update = (change: object): Promise<Reply> => call('POST', '/v1/network', { id: 'mpls', ...change });
    expect((await update({ shared: true, labels: { a: 'b' } })).body).toMatchObject({
      shared: true,
      labels: { a: 'b' },
    });
    expect((await update({ shared: false })).status).toBe(400);
    expect((await update({ name: 'only the name', labels: null })).body).toMatchObject({ labels: { a: 'b' } });
    await call('POST', '/v1/ip/allocate', { networkid: 'mpls', projectid: PROJECT });
    expect((await update({ prefixes: ['192.168.8.0/24'] })).status).toBe(400);
    const grown = await update({ prefixes: ['198.51.100.0/24', '192.168.8.0/24'] });
    expect(grown.body.consumption.ipv4.available_ips).toBe(512);
    expect((await call('DELETE', '/v1/network/mpls')).status).toBe(400);
    expect((await call('DELETE', '/v1/network/tenant-super-network-fra-equ01')).body.message).toMatch(/children/);
  });

  test('a network that cannot be created whole takes neither prefixes nor a VRF', async () => {
    await using simulator = await startForTest();
    const create = async (change: object): Promise<number> =>
      (await simulator.call('PUT', '/v1/network', { ...network, ...change })).status;
    expect(await create({ vrf: 77, prefixes: ['192.168.7.0/24', '192.168.7.128/25'] })).toBe(400);
    expect(await create({ vrf: 4_009_999 })).toBe(400);
    expect(await create({ vrf: 77 })).toBe(201);
    const overlapping = { id: 'mpls', prefixes: ['198.51.100.0/24', '192.168.8.0/24', '192.168.8.0/25'] };
    expect((await simulator.call('POST', '/v1/network', overlapping)).status).toBe(400);
    expect(await create({ id: 'other', prefixes: ['192.168.8.0/24'] })).toBe(201);
  });
});
