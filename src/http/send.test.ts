import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createHttpRoute, type HttpRoute, type RouteOptions } from './route.ts';
import { type HttpMessage, readText, sendHttp } from './send.ts';

const routes: HttpRoute[] = [];
afterEach(() => {
  for (const route of routes.splice(0)) route.destroy();
});

function routeTo(options: RouteOptions): HttpRoute {
  const route = createHttpRoute(options);
  routes.push(route);
  return route;
}

async function listen(server: Server): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

/** Accepts, and says nothing. */
const startSilence = () => listen(createTcpServer((socket) => void socket.resume()));
const startHttp = (handler: RequestListener) => listen(createServer(handler));
const get: HttpMessage = { method: 'GET', path: '/a', headers: {} };
const never = new AbortController().signal;

describe('an abort while the connection is made', () => {
  test.each([
    ['plain, no answer', (port: number) => ({ origin: `http://127.0.0.1:${port}` })],
    ['TLS handshake hangs', (port: number) => ({ origin: `https://127.0.0.1:${port}` })],
    ['the proxy hangs', (port: number) => ({ origin: 'https://host.invalid', proxyUrl: `http://127.0.0.1:${port}` })],
    [
      'the TLS of the proxy hangs',
      (port: number) => ({ origin: 'https://host.invalid', proxyUrl: `https://127.0.0.1:${port}` }),
    ],
  ])('rejects at once and frees the socket: %s', async (_, optionsOf) => {
    const { port, sockets } = await startSilence();
    const reason = new Error('enough');
    const abort = new AbortController();
    const sent = sendHttp(routeTo(optionsOf(port)), get, abort.signal);
    await vi.waitFor(() => expect(sockets.size).toBe(1));
    abort.abort(reason);
    await expect(sent).rejects.toBe(reason);
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });

  test('a handshake that hangs is given up in time of its own', async () => {
    const { port, sockets } = await startSilence();
    const sent = sendHttp(routeTo({ origin: `https://127.0.0.1:${port}` }), get, never, 50);
    await expect(sent).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT' });
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });

  test('one that waits for a socket rejects at once, and the others go on', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { port } = await startHttp((_, response) => void held.then(() => response.end('ok')));
    const route = routeTo({ origin: `http://127.0.0.1:${port}`, connections: 1 });
    const abort = new AbortController();
    const reason = new Error('enough');
    const first = sendHttp(route, get, never);
    const second = sendHttp(route, get, abort.signal);
    const third = sendHttp(route, get, never);
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    release();
    expect(await readText(await first)).toBe('ok');
    expect(await readText(await third)).toBe('ok');
  });
});

test('one that waited for its socket may take as long as it likes, and leaves nothing on it', async () => {
  const { port, sockets } = await startHttp((_, response) => void setTimeout(() => response.end('ok'), 30));
  const route = routeTo({ origin: `http://127.0.0.1:${port}`, connections: 1 });
  const answers = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const answer = await sendHttp(route, get, never, 20);
      const { socket } = answer;
      return [await readText(answer), socket.listenerCount('connect')];
    }),
  );
  expect(answers).toEqual(answers.map(() => ['ok', 0]));
  expect(sockets.size).toBe(1);
});

test('sockets are kept, also after a body that nobody read to the end was aborted', async () => {
  const { port, sockets } = await startHttp((request, response) => {
    if (request.url === '/a') response.end('ok');
    else response.write('half');
  });
  const route = routeTo({ origin: `http://127.0.0.1:${port}` });
  for (let count = 0; count < 5; count += 1) expect(await readText(await sendHttp(route, get, never))).toBe('ok');
  expect(sockets.size).toBe(1);
  const abort = new AbortController();
  const half = await sendHttp(route, { ...get, path: '/half' }, abort.signal);
  const text = readText(half);
  abort.abort(new Error('enough'));
  await expect(text).rejects.toThrow();
  await vi.waitFor(() => expect(sockets.size).toBe(0));
  expect(route.isEmpty).toBe(true);
});

test('a body that is cut off, or too long, is an error', async () => {
  const { port } = await startHttp((request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    if (request.url === '/cut') setImmediate(() => response.destroy());
  });
  const route = routeTo({ origin: `http://127.0.0.1:${port}` });
  await expect(sendHttp(route, { ...get, path: '/cut' }, never).then((each) => readText(each))).rejects.toThrow();
  await expect(sendHttp(route, get, never).then((each) => readText(each, 3))).rejects.toThrow('more than 3 bytes');
});

test('what was sent arrives, the length of a DELETE included', async () => {
  const seen: IncomingMessage['headers'][] = [];
  const { port } = await startHttp(async (request, response) => {
    seen.push(request.headers);
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(`${request.method} ${request.url} ${text}`);
  });
  const route = routeTo({ origin: `http://127.0.0.1:${port}` });
  const answer = await sendHttp(route, { method: 'DELETE', path: '/x?y=1', headers: { a: 'b' }, body: 'ü' }, never);
  expect(await readText(answer)).toBe('DELETE /x?y=1 ü');
  expect(seen[0]).toMatchObject({ a: 'b', 'content-length': '2', host: `127.0.0.1:${port}` });
  expect(seen[0]).not.toHaveProperty('transfer-encoding');
});

describe('a proxy', () => {
  test('is asked for plain http by the whole URL', async () => {
    const { port } = await startHttp((request, response) => {
      const { host, 'proxy-authorization': auth } = request.headers;
      response.end([request.url, host, auth].join(' '));
    });
    const route = routeTo({ origin: 'http://host.invalid:81', proxyUrl: `http://u:p%20w@127.0.0.1:${port}` });
    const expected = `http://host.invalid:81/a host.invalid:81 Basic ${Buffer.from('u:p w').toString('base64')}`;
    expect(await readText(await sendHttp(route, get, never))).toBe(expected);
  });

  test('that refuses the tunnel is an error that says so', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const { port, sockets } = await listen(server);
    const route = routeTo({ origin: 'https://[::1]', proxyUrl: `http://127.0.0.1:${port}` });
    await expect(sendHttp(route, get, never)).rejects.toMatchObject({ code: 'PROXY', message: /407/ });
    expect(asked).toEqual(['[::1]:443']);
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });

  test.each([['socks5://a:1'], ['nonsense']])('cannot be %s', (proxyUrl) => {
    expect(() => createHttpRoute({ origin: 'https://a', proxyUrl })).toThrow('a proxy must be an http or https URL');
  });
});
