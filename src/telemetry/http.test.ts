import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../kube/fake-clock.ts';
import { parseAddress } from './address.ts';
import { createChecks } from './health.ts';
import { type HttpServer, metricsHandler, type Routes, serveHttp } from './http.ts';
import { createRegistry } from './metrics.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(routes: Routes) {
  const server = await serveHttp({ host: '127.0.0.1', port: 0 }, routes);
  open.push(server);
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  };
  return { server, get };
}

describe('parseAddress', () => {
  it.each([
    [':8080', { port: 8080 }],
    ['0.0.0.0:8081', { host: '0.0.0.0', port: 8081 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:443', { host: '::1', port: 443 }],
    ['8080', { port: 8080 }],
    [':0', { port: 0 }],
    ['0', undefined],
  ])('%s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  it.each(['', 'x', ':', ':65536', ':-1', '::1:80', 'a:b:1', 'http://x:80', ':80 ', ':8e1'])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow('is not an address');
  });
});

describe('health', () => {
  const health = (clock = createFakeClock()) => {
    const checks = createChecks('/readyz', clock);
    return { clock, checks, routes: { '/readyz': checks.handler } };
  };

  it('is well without checks, and when all pass', async () => {
    const { checks, routes } = health();
    const { get } = await serve(routes);
    expect(await get('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
    checks.add('ping', () => undefined);
    checks.add('later', () => Promise.resolve());
    expect(await get('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await get('/readyz?verbose')).toMatchObject({ status: 200, text: '[+]ping ok\n[+]later ok\npassed\n' });
  });

  it('says which check fails, and why', async () => {
    const { checks, routes } = health();
    const { get } = await serve(routes);
    checks.add('ping', () => undefined);
    checks.add('informer-sync', () => {
      throw new Error('infrastructures\nhave not been listed');
    });
    checks.add('metal-api', () => Promise.reject(new Error('https://u:secret@api refused')));
    const failures =
      '[-]informer-sync failed: infrastructures have not been listed\n[-]metal-api failed: https://[redacted]@api refused\n';
    expect(await get('/readyz')).toMatchObject({ status: 500, text: `${failures}failed\n` });
    expect(await get('/readyz?verbose')).toMatchObject({ status: 500, text: `[+]ping ok\n${failures}failed\n` });
    expect(await get('/readyz/ping')).toMatchObject({ status: 200, text: 'ok\n' });
    expect((await get('/readyz/metal-api')).status).toBe(500);
    expect((await get('/readyz/other')).status).toBe(404);
    expect([...(await checks.failing()).keys()]).toEqual(['informer-sync', 'metal-api']);
  });

  it('does not wait for a check that hangs', async () => {
    const { clock, checks } = health();
    let aborted = false;
    checks.add(
      'hangs',
      (signal) =>
        new Promise(() =>
          signal.addEventListener('abort', () => {
            aborted = true;
          }),
        ),
    );
    const failing = checks.failing();
    await clock.run(1000);
    expect([...(await failing)]).toEqual([['hangs', 'no answer within 1 s']]);
    expect(aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });
});

describe('http server', () => {
  it('serves the metrics of the registry, process metrics among them', async () => {
    const { get } = await serve({ '/metrics': metricsHandler(createRegistry()) });
    const answer = await get('/metrics');
    expect(answer.type).toContain('text/plain; version=0.0.4');
    expect(answer.text).toContain('process_cpu_seconds_total');
    expect(answer.text).toContain('espalier_build_info{version="dev"} 1');
  });

  it('answers what it does not know', async () => {
    const { get } = await serve({
      '/x': () => ({ status: 200, body: 'x' }),
      '/broken': () => {
        throw new Error('secret detail');
      },
    });
    expect((await get('/')).status).toBe(404);
    expect((await get('/xy')).status).toBe(404);
    expect(await get('/broken')).toMatchObject({ status: 500, text: 'internal error\n' });
    expect((await get('/x', { method: 'POST', body: 'a' })).status).toBe(405);
    expect(await get('/x', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect((await get('//')).status).toBe(400);
  });

  it('says where it cannot listen', async () => {
    const { server } = await serve({});
    const again = serveHttp({ host: '127.0.0.1', port: server.port }, {});
    await expect(again).rejects.toThrow(`cannot listen on 127.0.0.1:${server.port}: listen EADDRINUSE`);
  });

  it('closes at once, with idle, half-sent and unanswered requests open', async () => {
    const { server } = await serve({ '/hangs': () => new Promise(() => undefined) });
    const sockets = ['', 'GET /x HTTP/1.1\r\nHost:', 'GET /hangs HTTP/1.1\r\nHost: x\r\n\r\n'].map((start) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write(start));
      socket.on('error', () => undefined);
      return new Promise((resolve) => socket.on('close', resolve));
    });
    await wait(50);
    await server.close();
    await Promise.all(sockets);
  });
});
