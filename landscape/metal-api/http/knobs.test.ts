import { describe, expect, test } from 'vitest';
import { PARTITION, PROJECT } from '../fixture.ts';
import { seededRandom } from '../random.ts';
import { type Reply, startForTest, type TestApi } from '../test-client.ts';
import { Knobs } from './knobs.ts';

const network = { projectid: PROJECT, partitionid: PARTITION };
const children = ({ api }: TestApi): number =>
  [...api.state.networks.values()].filter(({ projectid }) => projectid === PROJECT).length;

test.each([
  ['POST /v1/network/allocate', true],
  ['GET /v1/network/allocate', false],
  ['/v1/network/allocate', true],
  ['/v1/network/*', true],
  ['POST *', true],
  ['*', true],
  ['*allocate', true],
  ['/v1/*/allocate', true],
  ['/v1/*k/a*e', true],
  ['/v1/network', false],
  ['/v1/ip/*', false],
  ['/v1/network/allocate*allocate', false],
])('pattern %j fits POST /v1/network/allocate: %s', (pattern, fits) => {
  const knobs = new Knobs(seededRandom(1));
  knobs.nextLost(pattern);
  expect(knobs.decide('POST', '/v1/network/allocate').lost).toBe(fits);
});

test('a lost response took effect: the connection breaks and the network is there', async () => {
  await using simulator = await startForTest();
  const { api, call } = simulator;
  api.knobs.nextLost('POST /v1/network/allocate');
  await expect(call('POST', '/v1/network/allocate', network)).rejects.toThrow('fetch failed');
  expect(children(simulator)).toBe(1);
  expect(api.calls.since().at(-1)).toMatchObject({
    status: 0,
    effect: true,
    fault: 'lost',
    project: PROJECT,
    role: 'admin',
  });
  expect((await call('POST', '/v1/network/allocate', network)).status).toBe(201);
});

test('an injected error had no effect, and ends after the given times', async () => {
  await using simulator = await startForTest();
  const { api, call } = simulator;
  api.knobs.nextError('POST /v1/network/allocate', 503, 2);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await call('POST', '/v1/network/allocate', network)).status);
  expect(statuses).toEqual([503, 503, 201]);
  expect(children(simulator)).toBe(1);
  expect(api.calls.since().map(({ effect, fault }) => [effect, fault])).toEqual([
    [false, 'error'],
    [false, 'error'],
    [true, undefined],
  ]);
});

test('the same seed gives the same faults', () => {
  const faults = (seed: number): string => {
    const knobs = new Knobs(seededRandom(seed));
    knobs.set({
      errors: [{ pattern: '*', rate: 0.3, status: 500 }],
      lostResponses: [{ pattern: 'POST *', rate: 0.3 }],
      jitterMs: 10,
    });
    return JSON.stringify(Array.from({ length: 50 }, () => knobs.decide('POST', '/v1/ip/allocate')));
  };
  expect(faults(5)).toBe(faults(5));
  expect(faults(5)).not.toBe(faults(6));
});

describe('unavailable', () => {
  test('as 503 and as broken connections', async () => {
    await using simulator = await startForTest();
    const { api, call } = simulator;
    api.knobs.turn({ unavailable: '503' });
    expect((await call('POST', '/v1/network/allocate', network)).body).toEqual({
      statuscode: 503,
      message: 'Service Unavailable',
    });
    api.knobs.turn({ unavailable: 'reset' });
    await expect(call('POST', '/v1/network/allocate', network)).rejects.toThrow('fetch failed');
    api.knobs.reset();
    expect(children(simulator)).toBe(0);
    expect((await call('GET', '/v1/health')).status).toBe(200);
  });

  test('as a peer that never answers', async () => {
    await using simulator = await startForTest();
    simulator.api.knobs.turn({ unavailable: 'hang' });
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${simulator.api.url}/v1/health`, { signal })).rejects.toThrow(/timeout/);
  });

  test('as refused connections, with the data kept', async () => {
    await using simulator = await startForTest();
    const { api, call } = simulator;
    await call('POST', '/v1/network/allocate', network);
    await api.pause();
    await expect(call('GET', '/v1/health')).rejects.toThrow('fetch failed');
    await api.resume();
    expect((await call('GET', '/v1/network')).status).toBe(200);
    expect(children(simulator)).toBe(1);
  });
});

test('latency delays the call, and ends when the simulator stops', async () => {
  await using simulator = await startForTest();
  const { api, call } = simulator;
  api.knobs.turn({ latencyMs: 5, slow: [{ pattern: '/v1/health', latencyMs: 20 }] });
  await call('GET', '/v1/health');
  expect(api.calls.since()[0]?.durationMs).toBeGreaterThanOrEqual(24);
  api.knobs.turn({ latencyMs: 3_600_000 });
  const pending = call('GET', '/v1/health').catch(() => 'broken');
  await api.close();
  expect(await pending).toBe('broken');
});

describe('over HTTP', () => {
  test('knobs are read and replaced, the call log followed and cleared, the state read, all reset', async () => {
    await using simulator = await startForTest();
    const { api, call } = simulator;
    const control = async (method: string, path: string, body?: unknown): Promise<Reply> => {
      const response = await fetch(new URL(`/_simulator/${path}`, api.url), {
        method,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
    await call('POST', '/v1/network/allocate', network);
    const { body: log } = await control('GET', 'calls?since=0');
    expect(log).toMatchObject({
      last: 1,
      calls: [{ sequence: 1, operation: 'allocateNetwork', status: 201, effect: true }],
    });
    expect(JSON.stringify(log)).not.toContain('token');
    expect((await control('GET', 'calls?since=1')).body).toEqual({ last: 1, calls: [] });
    expect((await control('GET', 'state')).body).toMatchObject({ ips: [], violations: [] });

    const next = [{ pattern: 'GET /v1/ip', status: 500 }];
    expect((await control('PUT', 'knobs', { next })).status).toBe(200);
    expect((await call('GET', '/v1/ip')).status).toBe(500);
    expect((await control('GET', 'knobs')).body.next).toEqual([]);
    for (const bad of [
      '{',
      { latency: 1 },
      { latencyMs: -1 },
      { errors: [{ pattern: '*', rate: 2, status: 500 }] },
      null,
    ]) {
      expect((await control('PUT', 'knobs', bad)).status).toBe(400);
    }
    await control('DELETE', 'calls');
    await call('GET', '/v1/ip');
    expect((await control('GET', 'calls?since=0')).body.calls).toMatchObject([{ sequence: 3 }]);
    await control('POST', 'reset');
    expect(children(simulator)).toBe(0);
    expect((await control('GET', 'nothing')).status).toBe(404);
  });
});
