import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestObservation } from './exchange.ts';
import { type ClosableKubeClient, createKubeClient, type KubeClientOptions } from './http-client.ts';
import type { KubeObject } from './object.ts';
import { defineResource } from './resource.ts';

const configMaps = defineResource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
const secrets = defineResource<KubeObject & { data?: Record<string, string> }>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
});
const key = { namespace: 'a', name: 'b' };
const object = { metadata: key };

type Reply = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Answers the n-th request with the n-th reply, and with the last for all that follow. */
let replies: Reply[] = [];
let seen: { method: string | undefined; url: string | undefined; authorization: string | undefined; body: string }[] =
  [];
let observed: RequestObservation[] = [];
let server: Server;
let client: ClosableKubeClient;

const json =
  (code: number, body: object, headers: Record<string, string> = {}): Reply =>
  (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const status = (code: number, reason: string, headers?: Record<string, string>): Reply =>
  json(code, { kind: 'Status', code, reason, message: reason }, headers);
const ok = json(200, { metadata: key });
const reset: Reply = (request) => request.socket.resetAndDestroy();

function connect(options: KubeClientOptions = {}): void {
  client = createKubeClient({ content: kubeconfig('t'), onRequest: (each) => observed.push(each), ...options });
}

function kubeconfig(token: string, url?: string): string {
  const { port } = server.address() as AddressInfo;
  return JSON.stringify({
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server: url ?? `http://127.0.0.1:${port}` } }],
    users: [{ name: 'a', user: { token } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  });
}

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

beforeEach(async () => {
  replies = [];
  seen = [];
  observed = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ method: request.method, url: request.url, authorization: request.headers.authorization, body });
      (replies[seen.length - 1] ?? replies.at(-1) ?? ok)(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  connect();
});

afterEach(async () => {
  server.closeAllConnections();
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('what is repeated', () => {
  test.each([
    ['429 for a create: it was not executed', status(429, 'TooManyRequests', { 'retry-after': '0' })],
    ['a new storage', status(429, 'storage is (re)initializing', { 'retry-after': '0' })],
  ])('%s', async (_, refusal) => {
    replies = [refusal, refusal, ok];
    await client.create(configMaps, object);
    expect(observed.map((each) => each.code)).toEqual(['429', '429', '200']);
  });

  test.each([
    ['get', () => client.get(configMaps, key), 2],
    ['apply', () => client.apply(configMaps, object, { fieldManager: 'x' }), 2],
    ['delete', () => client.delete(configMaps, key), 2],
    ['create', () => client.create(configMaps, object), 1],
    ['jsonPatch', () => client.jsonPatch(configMaps, key, []), 1],
  ])('503 with Retry-After: %s', async (_, call, calls) => {
    replies = [status(503, 'ServiceUnavailable', { 'retry-after': '0' }), ok];
    await call().catch((error) => expect(error).toMatchObject({ code: 503 }));
    expect(seen).toHaveLength(calls);
  });

  test('503 without Retry-After is an answer', async () => {
    replies = [status(503, 'ServiceUnavailable')];
    await expect(client.get(configMaps, key)).rejects.toMatchObject({ name: 'ApiError', code: 503 });
    expect(seen).toHaveLength(1);
  });

  test('a wait beyond the deadline is not begun', async () => {
    replies = [status(429, 'TooManyRequests', { 'retry-after': '60' })];
    await expect(client.get(configMaps, key, { timeoutMs: 5_000 })).rejects.toMatchObject({ retryAfterMs: 60_000 });
  });

  test('a reset connection: a get once more, a create never', async () => {
    replies = [reset, ok];
    await client.get(configMaps, key);
    expect(seen).toHaveLength(2);
    replies = [reset];
    seen = [];
    await expect(client.get(configMaps, key)).rejects.toMatchObject({ name: 'TransportError' });
    expect(seen).toHaveLength(2);
    seen = [];
    await expect(client.create(configMaps, object)).rejects.toMatchObject({ name: 'TransportError' });
    expect(seen).toHaveLength(1);
    expect(observed.at(-1)?.code).toBe('<error>');
  });
});

describe('deadline and abort', () => {
  const silent: Reply = () => undefined;
  const halfAnAnswer: Reply = (_, response) => void response.writeHead(200).write('{"metadata":');

  test.each([
    ['no answer', silent],
    ['half an answer', halfAnAnswer],
  ])('%s', async (_, reply) => {
    replies = [reply];
    const call = client.get(configMaps, key, { timeoutMs: 50 });
    await expect(call).rejects.toMatchObject({
      code: 'DEADLINE',
      message: 'get configmaps a/b: no answer within 50 ms',
    });
  });

  test.each(['http', 'https'])('nobody speaks %s: the call ends at its deadline', async (scheme) => {
    const sockets = new Set<Socket>();
    const silence = createTcpServer((socket) => {
      sockets.add(socket.resume());
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    });
    silence.listen(0, '127.0.0.1');
    await once(silence, 'listening');
    await client.close();
    const { port } = silence.address() as AddressInfo;
    connect({ content: kubeconfig('t', `${scheme}://127.0.0.1:${port}`) });
    await expect(client.get(configMaps, key, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'DEADLINE' });
    await vi.waitFor(() => expect(sockets.size).toBe(0));
    silence.close();
  });

  test('an abort rejects with its reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    replies = [() => controller.abort(reason)];
    await expect(client.get(configMaps, key, { signal: controller.signal })).rejects.toBe(reason);
    await expect(client.get(configMaps, key, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toHaveLength(1);
  });

  test('an aborted watch rejects with the reason and cuts its socket', async () => {
    const cut = Promise.withResolvers<void>();
    const controller = new AbortController();
    replies = [
      (request, response) => {
        request.socket.once('close', () => cut.resolve());
        response.writeHead(200).write('{"type":"BOOKMARK","object":{"metadata":{"name":"","resourceVersion":"1"}}}\n');
      },
    ];
    const reason = new Error('enough');
    const watching = async () => {
      const options = { resourceVersion: '0', signal: controller.signal };
      for await (const event of client.watch(configMaps, options))
        if (event.type === 'BOOKMARK') controller.abort(reason);
    };
    await expect(watching()).rejects.toBe(reason);
    await cut.promise;
  });

  test('a watch that is left cuts its socket', async () => {
    const cut = Promise.withResolvers<void>();
    replies = [
      (request, response) => {
        request.socket.once('close', () => cut.resolve());
        response.writeHead(200).write('{"type":"ADDED","object":{"metadata":{"name":"x"}}}\n');
      },
    ];
    const { signal } = new AbortController();
    for await (const _ of client.watch(configMaps, { resourceVersion: '0', signal })) break;
    await cut.promise;
  });

  test('a silent watch is taken for dead', async () => {
    replies = [(_, response) => void response.writeHead(200).flushHeaders()];
    const { signal } = new AbortController();
    const events = client.watch(configMaps, { resourceVersion: '0', idleTimeoutMs: 50, signal });
    await expect(collect(events)).rejects.toMatchObject({ name: 'TransportError', code: 'IDLE' });
  });
});

describe('watch events', () => {
  const watch = (text: string) => {
    replies = [(_, response) => void response.writeHead(200).end(text)];
    return collect(client.watch(configMaps, { resourceVersion: '0', signal: new AbortController().signal }));
  };

  test('the end that the server chooses is an end; half a line at it is nothing', async () => {
    const events = await watch('{"type":"ADDED","object":{"metadata":{"name":"ü"}}}\n{"type":"ADDED","obj');
    expect(events).toEqual([{ type: 'ADDED', object: { metadata: { name: 'ü' } } }]);
  });

  test('an ERROR is an ApiError', async () => {
    const line = '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}\n';
    await expect(watch(line)).rejects.toMatchObject({ code: 410, message: 'watch configmaps: too old (410)' });
  });

  test.each([['nonsense with s3cret'], ['null'], ['[]'], ['{"type":"ADDED"}'], ['{"type":"WHAT","object":{}}']])(
    'refuses %s',
    async (line) => {
      const error: unknown = await watch(`${line}\n`).catch((each: unknown) => each);
      expect(error).toMatchObject({ name: 'TransportError' });
      expect(String(error)).not.toContain('s3cret');
    },
  );
});

describe('credentials', () => {
  test('a 401 reads the kubeconfig again, and the call is repeated when it changed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kube-client-'));
    const file = join(dir, 'config');
    writeFileSync(file, kubeconfig('old'));
    await client.close();
    connect({ kubeconfig: file, content: undefined });
    await client.get(configMaps, key);
    writeFileSync(file, kubeconfig('newer'));
    replies = [ok, status(401, 'Unauthorized'), ok];
    await client.create(configMaps, object);
    expect(seen.map((each) => each.authorization)).toEqual(['Bearer old', 'Bearer old', 'Bearer newer']);
    rmSync(dir, { recursive: true });
  });

  test('a 401 with the same credentials is an answer', async () => {
    replies = [status(401, 'Unauthorized')];
    await expect(client.get(configMaps, key)).rejects.toMatchObject({ code: 401 });
    expect(seen).toHaveLength(1);
  });

  test('no error quotes a Secret', async () => {
    const secret = { metadata: key, data: { password: 'aHVudGVyMg==' } };
    const echo: Reply = (_, response, body) =>
      json(422, { kind: 'Status', reason: 'Invalid', message: `Invalid value: ${body}`, details: {} })(
        _,
        response,
        body,
      );
    const page: Reply = (_, response, body) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(`<${body}`);
    for (const reply of [echo, page, reset]) {
      replies = [reply];
      const error = await client.create(secrets, secret).catch((each) => each);
      expect(error).toBeInstanceOf(Error);
      expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.toContain('aHVudGVyMg');
    }
  });
});

describe('lists', () => {
  const page = (names: string[], next?: string) =>
    json(200, {
      kind: 'X',
      metadata: { resourceVersion: '7', continue: next },
      items: names.map((name) => ({ metadata: { name } })),
    });

  test('pages are followed; items carry apiVersion and kind', async () => {
    replies = [page(['a'], 'more'), page(['b'])];
    const list = await client.list(configMaps, { pageSize: 1, resourceVersion: '5' });
    expect(list.resourceVersion).toBe('7');
    expect(list.items).toEqual(['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })));
    expect(seen.map((each) => each.url)).toEqual([
      '/api/v1/configmaps?limit=1&resourceVersion=5',
      '/api/v1/configmaps?limit=1&continue=more',
    ]);
  });

  test('the deadline is for all pages', async () => {
    const slow: Reply = (request, response, body) =>
      void setTimeout(() => page(['a'], 'more')(request, response, body), 30);
    replies = [slow];
    await expect(client.list(configMaps, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'DEADLINE',
      message: 'list configmaps: no answer within 100 ms',
    });
    expect(seen.length).toBeLessThan(6);
  });

  test('when the state of the pages expires, all is listed in one answer', async () => {
    replies = [page(['a'], 'more'), status(410, 'Expired'), page(['b', 'c'])];
    const { items } = await client.list(configMaps, { pageSize: 1 });
    expect(items.map((item) => item.metadata.name)).toEqual(['b', 'c']);
    expect(seen.at(-1)?.url).toBe('/api/v1/configmaps');
  });

  test('null is no items', async () => {
    replies = [json(200, { metadata: { resourceVersion: '7' }, items: null })];
    expect(await client.list(configMaps)).toEqual({ resourceVersion: '7', items: [] });
  });

  test('a first page that expired at once is the error', async () => {
    replies = [status(410, 'Expired')];
    await expect(client.list(configMaps)).rejects.toMatchObject({ code: 410 });
    expect(seen).toHaveLength(1);
  });
});

test('arguments stay as they are', async () => {
  const frozen = Object.freeze({ metadata: Object.freeze({ ...key }) });
  await client.create(configMaps, frozen);
  await client.apply(configMaps, frozen, { fieldManager: 'x', force: true, dryRun: true });
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: key });
  expect(seen[1]?.url).toBe('/api/v1/namespaces/a/configmaps/b?fieldManager=x&dryRun=All&force=true');
});

test('a rate limit spreads the calls', async () => {
  await client.close();
  connect({ rateLimit: { qps: 50, burst: 1 } });
  const started = performance.now();
  await Promise.all([1, 2, 3, 4].map(() => client.get(configMaps, key)));
  expect(performance.now() - started).toBeGreaterThan(55);
});

test('a closed client calls nobody', async () => {
  await client.close();
  await expect(client.get(configMaps, key)).rejects.toThrow('the client is closed');
  expect(seen).toHaveLength(0);
});
