import { Registry } from 'prom-client';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../kube/clock.ts';
import type { CallReport, MetalApi } from './client.ts';
import { type Answer, cut, json, silence, startFakeServer } from './fake-server.ts';
import { createMetalApiMetrics } from './metrics.ts';
import { createMetalApiRegistry, type MetalApiRegistryOptions } from './registry.ts';

const SECRET = 'a-very-secret-key';
const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

function clientOf(url: string, options: Partial<MetalApiRegistryOptions> = {}): MetalApi {
  const registry = createMetalApiRegistry({ clock: systemClock, retryDelayMs: 1, retryMaxDelayMs: 2, ...options });
  closing.push(() => registry.close());
  return registry.client(url, { hmac: SECRET });
}

const network = { id: 'n1', prefixes: ['10.0.0.0/22'], projectid: 'p', labels: null, unknown: { field: true } };
const order = { projectid: 'p', partitionid: 'z', name: 's', description: 'c', labels: { a: 'b' } };
const failure = (status: number, message: string): Answer => json(status, { statuscode: status, message });

describe('answers', () => {
  test('nulls are empty lists, unknown fields are dropped', async () => {
    await using server = await startFakeServer(json(200, [network]), json(200, null), json(200, [ip({ tags: null })]));
    const api = clientOf(server.url);
    expect(await api.findNetworks({ projectid: 'p' })).toEqual([
      { id: 'n1', prefixes: ['10.0.0.0/22'], projectid: 'p', labels: {} },
    ]);
    expect(await api.findIPs({})).toEqual([]);
    expect((await api.findIPs({}))[0]?.tags).toEqual([]);
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      url: '/metal/v1/network/find',
      body: { projectid: 'p' },
    });
    expect(server.received[0]?.headers).toMatchObject({ 'user-agent': 'espalier', accept: 'application/json' });
  });

  test.each<[string, Answer]>([
    ['a list of something else', json(200, [{ nothing: 1 }])],
    ['an object', json(200, { networks: [] })],
    ['no JSON', (response) => void response.end('<html></html>')],
    ['nothing', (response) => void response.end()],
  ])('%s is a bad answer, not an empty list', async (_, answer) => {
    await using server = await startFakeServer(answer);
    await expect(clientOf(server.url).findNetworks({})).rejects.toMatchObject({
      kind: 'bad-answer',
      call: 'findNetworks',
    });
  });

  test('an address is escaped, an empty list of tags is sent', async () => {
    await using server = await startFakeServer(json(200, ip({})));
    const api = clientOf(`${server.url}/`);
    await api.freeIP('2001:db8::1');
    await api.updateIP({ ipaddress: '10.0.0.1', type: 'static', tags: [] });
    expect(server.received[0]).toMatchObject({ method: 'DELETE', url: '/metal/v1/ip/free/2001%3Adb8%3A%3A1' });
    expect(server.received[1]).toMatchObject({ url: '/metal/v1/ip', body: { ipaddress: '10.0.0.1', tags: [] } });
  });

  test('not found is success when freeing and undefined when reading', async () => {
    await using server = await startFakeServer(failure(404, 'NotFound no ip with id "x" found'));
    const api = clientOf(server.url);
    await expect(api.freeIP('10.0.0.1')).resolves.toBeUndefined();
    await expect(api.freeNetwork('n1')).resolves.toBeUndefined();
    await expect(api.getNetwork('n1')).resolves.toBeUndefined();
    await expect(api.findNetworks({})).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('machines are found with their allocation, and waiting ones have none', async () => {
    const allocation = { project: 'p', role: 'firewall', hostname: 'fw', image: { id: 'i' } };
    await using server = await startFakeServer(
      json(200, [
        { id: 'm1', tags: ['a=b'], allocation },
        { id: 'm2', tags: null },
      ]),
    );
    const found = await clientOf(server.url).findMachines({ allocation_project: 'p', tags: ['a=b'] });
    expect(found).toEqual([
      { id: 'm1', tags: ['a=b'], allocation: { project: 'p', role: 'firewall', hostname: 'fw' } },
      { id: 'm2', tags: [], allocation: undefined },
    ]);
  });

  test('images and sizes are their ids', async () => {
    await using server = await startFakeServer(json(200, [{ id: 'ubuntu-24.4.20260114', name: 'x' }]), json(200, null));
    const api = clientOf(server.url);
    expect(await api.listImages()).toEqual([{ id: 'ubuntu-24.4.20260114' }]);
    expect(await api.listSizes()).toEqual([]);
    expect(server.received).toMatchObject([{ url: '/metal/v1/image' }, { url: '/metal/v1/size' }]);
  });

  test("an error names the call and metal-api's text, never the key", async () => {
    await using server = await startFakeServer(json(403, 'tenant acme not allowed'));
    const error = await clientOf(server.url)
      .findNetworks({})
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: 'metal-api findNetworks: tenant acme not allowed (403)',
      kind: 'forbidden',
    });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });
});

describe('repeating', () => {
  test.each<[string, Answer]>([
    ['a lost answer', cut],
    ['503', failure(503, 'overloaded')],
    ['500', failure(500, 'Internal')],
    ['429', failure(429, 'slow down')],
  ])('a find survives %s', async (_, answer) => {
    await using server = await startFakeServer(answer, json(200, [network]));
    await expect(clientOf(server.url).findNetworks({})).resolves.toHaveLength(1);
    expect(server.received).toHaveLength(2);
    expect(server.received[0]?.headers['x-data-salt']).not.toBe(server.received[1]?.headers['x-data-salt']);
  });

  test('a lost answer to freeing is repeated, and not found is what is hoped for', async () => {
    await using server = await startFakeServer(cut, failure(404, 'NotFound no network'));
    await expect(clientOf(server.url).freeNetwork('n1')).resolves.toBeUndefined();
  });

  test('an answer that never ends ends at the deadline', async () => {
    await using server = await startFakeServer((response) => void response.writeHead(200).write('['));
    const api = clientOf(server.url, { timeoutMs: 30, retries: 0 });
    await expect(api.findNetworks({})).rejects.toMatchObject({ kind: 'timeout' });
    await expect(api.allocateNetwork(order)).rejects.toMatchObject({ kind: 'outcome-unknown' });
  });

  test('silence ends at the deadline', async () => {
    await using server = await startFakeServer(silence);
    const api = clientOf(server.url, { timeoutMs: 30, retries: 1 });
    await expect(api.findNetworks({})).rejects.toMatchObject({ kind: 'timeout' });
    expect(server.received).toHaveLength(2);
  });

  test.each<[string, Answer, string]>([
    ['lost answer', cut, 'outcome-unknown'],
    ['silence', silence, 'outcome-unknown'],
    ['503', failure(503, 'overloaded'), 'unavailable'],
    ['429', failure(429, 'slow down'), 'rate-limited'],
  ])('an allocation is never repeated: %s', async (_, answer, kind) => {
    await using server = await startFakeServer(answer);
    const api = clientOf(server.url, { timeoutMs: 100 });
    await expect(api.allocateNetwork(order)).rejects.toMatchObject({ kind, call: 'allocateNetwork' });
    expect(server.received).toHaveLength(1);
  });

  test('freeing a machine is never repeated: it may be in other hands', async () => {
    await using server = await startFakeServer(cut);
    await expect(clientOf(server.url).freeMachine('m1')).rejects.toMatchObject({ kind: 'outcome-unknown' });
    expect(server.received).toMatchObject([{ method: 'DELETE', url: '/metal/v1/machine/m1/free' }]);
  });

  test('an allocation that could not be sent has no unknown outcome', async () => {
    await expect(clientOf('http://127.0.0.1:1').allocateNetwork(order)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'metal-api allocateNetwork: ECONNREFUSED',
    });
  });

  test.each([400, 403, 404, 409, 422])('%i is not repeated', async (status) => {
    await using server = await startFakeServer(failure(status, 'no'));
    await expect(clientOf(server.url).findIPs({})).rejects.toMatchObject({ status });
    expect(server.received).toHaveLength(1);
  });

  test('a long Retry-After is left to the caller', async () => {
    await using server = await startFakeServer(json(429, { message: 'slow down' }, { 'retry-after': '30' }));
    await expect(clientOf(server.url).findIPs({})).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 30_000,
    });
    expect(server.received).toHaveLength(1);
  });

  test('`once` is one attempt', async () => {
    await using server = await startFakeServer(failure(503, 'no'));
    await expect(clientOf(server.url).findIPs({}, { once: true })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(server.received).toHaveLength(1);
  });

  test("the caller's signal ends a call with its reason, also between attempts", async () => {
    await using server = await startFakeServer(failure(503, 'no'), silence);
    const stop = new AbortController();
    const reason = new Error('stopped');
    const reports: CallReport[] = [];
    const onCall = (report: CallReport) => {
      reports.push(report);
      stop.abort(reason);
    };
    const api = clientOf(server.url, { retryDelayMs: 60_000, retryMaxDelayMs: 60_000, onCall });
    await expect(api.findIPs({}, { signal: stop.signal })).rejects.toBe(reason);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['unavailable']);
    await expect(api.findIPs({}, { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('guard', () => {
  test('after failures in a row metal-api is left alone', async () => {
    await using server = await startFakeServer(failure(503, 'no'));
    const api = clientOf(server.url, { breakAfter: 2, retries: 0 });
    for (let call = 0; call < 2; call += 1) await expect(api.findIPs({})).rejects.toMatchObject({ status: 503 });
    await expect(api.findIPs({})).rejects.toMatchObject({ kind: 'unavailable', status: undefined });
    expect(server.received).toHaveLength(2);
  });

  test('metal-api is tried again after a while', async () => {
    await using server = await startFakeServer(failure(503, 'no'), json(200, []));
    const api = clientOf(server.url, { breakAfter: 1, retries: 0, breakMs: 0 });
    await expect(api.findIPs({})).rejects.toMatchObject({ status: 503 });
    await expect(api.findIPs({})).resolves.toEqual([]);
  });

  test('business errors and its own 500s do not open the circuit', async () => {
    await using server = await startFakeServer(
      failure(422, 'no'),
      failure(500, 'no'),
      failure(404, 'no'),
      json(200, []),
    );
    const api = clientOf(server.url, { breakAfter: 1, retries: 0 });
    for (let call = 0; call < 3; call += 1) await expect(api.findIPs({})).rejects.toThrow();
    await expect(api.findIPs({})).resolves.toEqual([]);
  });

  test('a full queue refuses at once, and an aborted caller does not wait for its turn', async () => {
    await using server = await startFakeServer(silence);
    const api = clientOf(server.url, { concurrency: 1, queue: 1, retries: 0, timeoutMs: 200 });
    const first = api.findIPs({}).catch((error: unknown) => error);
    const stop = new AbortController();
    const second = api.findIPs({}, { signal: stop.signal });
    await expect(api.findIPs({})).rejects.toMatchObject({ kind: 'unavailable', message: /too many calls/ });
    stop.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    await first;
    expect(server.received).toHaveLength(1);
  });
});

test('metrics count every attempt', async () => {
  await using server = await startFakeServer(failure(503, 'no'), json(200, []));
  const registry = new Registry();
  await clientOf(server.url, { onCall: createMetalApiMetrics(registry) }).findIPs({});
  const text = await registry.metrics();
  expect(text).toContain('metal_api_requests_total{call="findIPs",outcome="unavailable"} 1');
  expect(text).toContain('metal_api_requests_total{call="findIPs",outcome="success"} 1');
  expect(text).toContain('metal_api_request_duration_seconds_count{call="findIPs"} 2');
});

function ip(fields: object) {
  return { ipaddress: '10.0.0.1', networkid: 'internet', projectid: 'p', type: 'static', ...fields };
}
