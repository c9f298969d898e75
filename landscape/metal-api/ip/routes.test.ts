import { describe, expect, test } from 'vitest';
import { defaultFixture, OTHER_PROJECT, PARTITION, PROJECT } from '../fixture.ts';
import { type Reply, startForTest, type TestApi } from '../test-client.ts';

const allocate = ({ call }: TestApi, more: object = {}, specific = ''): Promise<Reply> => {
  const path = specific === '' ? '' : `/${encodeURIComponent(specific)}`;
  return call(
    'POST',
    `/v1/ip/allocate${path}`,
    { networkid: 'internet', projectid: PROJECT, type: 'static', ...more },
    'edit',
  );
};

describe('allocate', () => {
  test.each([
    [{}, { type: 'static', tags: [], ipaddress: expect.stringMatching(/^203\.0\.113\./) }],
    [{ type: null }, { type: 'ephemeral' }],
    [{ type: 'whatever' }, { type: 'ephemeral' }],
    [{ addressfamily: 'IPv6' }, { ipaddress: expect.stringMatching(/^2001:db8:0:113:/) }],
    [{ tags: ['b', 'a', 'b'] }, { tags: ['a', 'b'] }],
    [{ machineid: 'M', tags: ['z'] }, { tags: ['machine.metal-stack.io/id=M', 'z'] }],
  ])('%j gives %j', async (more, expected) => {
    await using simulator = await startForTest();
    const { status, body } = await allocate(simulator, more);
    expect(status).toBe(201);
    expect(body).toMatchObject({ networkid: 'internet', projectid: PROJECT, ...expected });
  });

  test.each<[object, string, number, string | RegExp]>([
    [{ networkid: '' }, '', 400, 'networkid should not be empty'],
    [{ projectid: null }, '', 400, 'projectid should not be empty'],
    [{ networkid: 'none' }, '', 404, 'NotFound no network with id "none" found'],
    [{ projectid: 'none' }, '', 404, 'NotFound no project with id "none" found'],
    [{ networkid: 'mpls', addressfamily: 'IPv6' }, '', 400, /^there is no prefix for the given addressfamily:IPv6/],
    [{ addressfamily: 'IPv4' }, '203.0.113.9', 400, /specificIP and addressfamily/],
    [{}, '8.8.8.8', 422, /not contained in any of the defined prefixes/],
    [{}, 'nonsense', 422, /unable to parse/],
    [{}, '203.0.113.0', 409, 'Conflict ip already allocated'],
    [{ networkid: `tenant-super-network-${PARTITION}` }, '', 422, /has childprefixes/],
    [{ tags: 'a' }, '', 400, /tags/],
  ])('%j %s is answered with %i', async (more, specific, statuscode, message) => {
    await using simulator = await startForTest();
    const { status, body } = await allocate(simulator, more, specific);
    expect(status).toBe(statuscode);
    expect(body).toEqual({ statuscode, message: expect.stringMatching(message) });
    expect(simulator.api.state.ips.size).toBe(0);
  });

  test('in a child network is for its project only, unless the network is shared', async () => {
    await using simulator = await startForTest();
    const network = { projectid: PROJECT, partitionid: PARTITION };
    const { body: own } = await simulator.call('POST', '/v1/network/allocate', network);
    const { body: shared } = await simulator.call('POST', '/v1/network/allocate', { ...network, shared: true });
    const foreign = await allocate(simulator, { networkid: own.id, projectid: OTHER_PROJECT });
    expect([foreign.status, foreign.body.message]).toEqual([
      422,
      `can not allocate ip for project "${OTHER_PROJECT}" because network belongs to "${PROJECT}" and the network is not shared`,
    ]);
    expect((await allocate(simulator, { networkid: shared.id, projectid: OTHER_PROJECT })).status).toBe(201);
    expect((await allocate(simulator, { projectid: OTHER_PROJECT })).status).toBe(201);
  });

  test('of one address at once succeeds for exactly one of many', async () => {
    await using simulator = await startForTest();
    const replies = await Promise.all(Array.from({ length: 20 }, () => allocate(simulator, {}, '2001:db8:0:113::5')));
    expect(
      replies
        .map(({ status }) => status)
        .sort()
        .slice(0, 2),
    ).toEqual([201, 409]);
    expect(simulator.api.state.ips.size).toBe(1);
  });

  test('ends with 500 when the pool is empty, and tries prefixes in order before', async () => {
    const fixture = defaultFixture({ internetPrefixes: ['192.0.2.0/30', '192.0.2.8/30'] });
    await using simulator = await startForTest({ fixture });
    const replies: Reply[] = [];
    for (let i = 0; i < 5; i += 1) replies.push(await allocate(simulator));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 500]);
    expect(replies[4]?.body.message).toBe('Internal cannot allocate free ip in ipam, no ips left');
  });

  test('chooses the same addresses for the same seed', async () => {
    await using one = await startForTest({ seed: 42 });
    await using two = await startForTest({ seed: 42 });
    await using three = await startForTest({ seed: 43 });
    const address = async (simulator: TestApi): Promise<string> => (await allocate(simulator)).body.ipaddress;
    expect(await address(one)).toBe(await address(two));
    expect(await address(one)).not.toBe(await address(three));
  });
});

describe('update', () => {
  test.each([
    [{ tags: null }, 200, { tags: ['a'] }],
    [{}, 200, { tags: ['a'] }],
    [{ tags: [] }, 200, { tags: [] }],
    [{ tags: ['c', 'b', 'c'] }, 200, { tags: ['b', 'c'] }],
    [{ type: '' }, 200, { type: 'static' }],
    [{ type: null, name: 'n' }, 200, { type: 'static', name: 'n', description: 'd' }],
    [{ type: 'ephemeral' }, 400, { message: 'cannot change type of ip address from static to ephemeral' }],
    [{ tags: ['machine.metal-stack.io/id=M'] }, 400, { message: 'can not use ip of scope project with scope machine' }],
  ])('%j is answered with %i %j', async (change, status, expected) => {
    await using simulator = await startForTest();
    const { body: ip } = await allocate(simulator, { tags: ['a'], description: 'd' });
    const reply = await simulator.call('POST', '/v1/ip', { ipaddress: ip.ipaddress, ...change }, 'edit');
    expect(reply).toMatchObject({ status, body: expected });
  });

  test('makes an ephemeral IP static, once', async () => {
    await using simulator = await startForTest();
    const { body: ip } = await allocate(simulator, { type: 'ephemeral' });
    const { body } = await simulator.call('POST', '/v1/ip', { ipaddress: ip.ipaddress, type: 'static' });
    expect(body.type).toBe('static');
  });

  test('of an unknown address is 404', async () => {
    await using simulator = await startForTest();
    const { status, body } = await simulator.call('POST', '/v1/ip', { ipaddress: '203.0.113.9', tags: [] });
    expect([status, body.message]).toEqual([404, 'NotFound no ip with id "203.0.113.9" found']);
  });
});

describe('find', () => {
  test.each([
    [{ tags: ['t=1'] }, 2],
    [{ tags: ['t=1', 'u=1'] }, 1],
    [{ tags: ['t'] }, 0],
    [{ tags: null, projectid: PROJECT }, 2],
    [{ tags: [], projectid: '' }, 3],
    [{ projectid: OTHER_PROJECT, tags: ['t=1'] }, 1],
    [{ type: 'static' }, 2],
    [{ ipaddress: '203.0.113.10', projectid: PROJECT }, 1],
    [{ ipaddress: '203.0.113.10', projectid: OTHER_PROJECT }, 0],
    [{ ipaddress: '2001:0db8:0:0113:0:0:0:0005' }, 1],
    [{ addressfamily: 'IPv6' }, 1],
    [{ networkid: 'mpls' }, 0],
    [{ networkprefix: '203.0.113.0/24' }, 2],
  ])('%j finds %i', async (find, count) => {
    await using simulator = await startForTest();
    await allocate(simulator, { tags: ['t=1', 'u=1'] }, '203.0.113.10');
    await allocate(simulator, { tags: ['t=1'], projectid: OTHER_PROJECT, type: 'ephemeral' }, '203.0.113.11');
    await allocate(simulator, {}, '2001:db8:0:113::5');
    const { body } = await simulator.call('POST', '/v1/ip/find', find, 'view');
    expect(body).toHaveLength(count);
  });

  test('follows tags through update and free', async () => {
    await using simulator = await startForTest();
    const { call } = simulator;
    const { body: ip } = await allocate(simulator, { tags: ['old'] });
    const found = async (tag: string): Promise<number> =>
      (await call('POST', '/v1/ip/find', { tags: [tag] })).body.length;
    await call('POST', '/v1/ip', { ipaddress: ip.ipaddress, tags: ['new'] });
    expect([await found('old'), await found('new')]).toEqual([0, 1]);
    await call('DELETE', `/v1/ip/free/${ip.ipaddress}`);
    expect(await found('new')).toBe(0);
  });
});

describe('free', () => {
  test('makes the address free, and answers 404 the second time', async () => {
    await using simulator = await startForTest();
    const { call } = simulator;
    await allocate(simulator, {}, '2001:db8:0:113::5');
    const path = `/v1/ip/free/${encodeURIComponent('2001:db8:0:113::5')}`;
    expect((await call('DELETE', path, undefined, 'edit')).status).toBe(200);
    expect((await call('DELETE', path, undefined, 'edit')).status).toBe(404);
    expect((await allocate(simulator, {}, '2001:db8:0:113::5')).status).toBe(201);
  });

  test("of a machine's IP is refused", async () => {
    await using simulator = await startForTest();
    const { body: ip } = await allocate(simulator, { machineid: 'M' });
    const { status, body } = await simulator.call('DELETE', `/v1/ip/free/${ip.ipaddress}`);
    expect([status, body.message]).toEqual([400, 'ip with machine scope can not be deleted']);
  });
});
