import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { PROJECT } from '../fixture.ts';
import { startForTest } from '../test-client.ts';
import { BODY_LIMIT } from './exchange.ts';

describe('bad input gets an answer', () => {
  test.each<[string, string, string, unknown, number]>([
    ['malformed JSON', 'POST', '/v1/network/find', '{"a":', 400],
    ['an array as body', 'POST', '/v1/network/find', [], 400],
    ['a text as body', 'POST', '/v1/network/find', '"x"', 400],
    ['null as body', 'POST', '/v1/network/find', 'null', 200],
    ['no body', 'POST', '/v1/network/find', undefined, 200],
    ['a deep body', 'POST', '/v1/network/find', `{"labels":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, 400],
    ['prototype names as members', 'POST', '/v1/network/find', '{"__proto__":{"id":"x"},"constructor":1}', 200],
    ['an unknown path', 'GET', '/v1/nothing', undefined, 404],
    ['an unknown method of a known path', 'PUT', '/v1/ip', {}, 405],
    ['a broken escape', 'GET', '/v1/ip/%zz', undefined, 404],
    ['a path upwards', 'GET', '/v1/network/..%2f..%2fetc', undefined, 404],
    ['a prototype name as id', 'GET', '/v1/network/__proto__', undefined, 404],
  ])('%s: %s %s', async (_, method, path, body, status) => {
    await using simulator = await startForTest();
    expect((await simulator.call(method, path, body)).status).toBe(status);
    expect((await simulator.call('GET', '/v1/health')).status).toBe(200);
  });

  test('a body beyond the limit is refused without effect', async () => {
    await using simulator = await startForTest();
    const body = { projectid: PROJECT, networkid: 'internet', description: 'x'.repeat(BODY_LIMIT) };
    const reply = await simulator.call('POST', '/v1/ip/allocate', body).catch(() => ({ status: 0 }));
    expect([0, 413]).toContain(reply.status);
    expect(simulator.api.state.ips.size).toBe(0);
    expect((await simulator.call('GET', '/v1/health')).status).toBe(200);
  });
});

test('a caller that hangs up in the middle of its request changes nothing', async () => {
  await using simulator = await startForTest();
  const { api, call } = simulator;
  const socket = connect(api.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) =>
    socket.write(
      'POST /metal/v1/ip/allocate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer admin-token\r\ncontent-length: 500\r\n\r\n{"networkid":',
      resolve,
    ),
  );
  socket.destroy();
  await closed;
  expect((await call('GET', '/v1/health')).status).toBe(200);
  expect(api.state.ips.size).toBe(0);
});

test('requests outside the base path are not metal-api', async () => {
  await using simulator = await startForTest({ basePath: '/api/' });
  expect(simulator.api.url).toMatch(/\/api$/);
  expect((await simulator.call('GET', '/v1/health')).status).toBe(200);
  expect((await fetch(new URL('/v1/health', simulator.api.url))).status).toBe(404);
});

test('errors can be written as metal-go reads them: JSON inside a JSON string', async () => {
  await using simulator = await startForTest({ errorBody: 'string' });
  const { status, body } = await simulator.call('GET', '/v1/network/none');
  expect(status).toBe(404);
  expect(JSON.parse(body)).toEqual({ statuscode: 404, message: 'NotFound no network with id "none" found' });
  expect((await simulator.call('GET', '/v1/network/internet')).body.id).toBe('internet');
});
