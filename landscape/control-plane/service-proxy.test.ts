import { once } from 'node:events';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createAuthority } from '../pki/authority.ts';
import { startServiceProxy } from './service-proxy.ts';

/** A proxy before a server that says hello; connects as the client of that authority. */
async function stage(clientCa?: string) {
  const authority = await createAuthority('test');
  const stop = new AbortController();
  const hello = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await once(hello, 'listening');
  const resolve = async (host: string, port: number) =>
    host === '10.0.0.7' && port === 443 ? (hello.address() as AddressInfo).port : undefined;
  const server = await authority.server('proxy', ['127.0.0.1']);
  const proxyPort = await startServiceProxy({
    tls: { server, clientCa: clientCa ?? authority.cert },
    resolve,
    signal: stop.signal,
  });
  const client = await authority.client('apiserver');
  return {
    async connect(target: string): Promise<string> {
      const call = request({
        ...{ host: '127.0.0.1', port: proxyPort, method: 'CONNECT', path: target, agent: false },
        ...{ ca: authority.cert, cert: client.cert, key: client.key },
      });
      call.end();
      const [response, socket] = await once(call, 'connect');
      if (response.statusCode !== 200) return String(response.statusCode);
      const [data] = await once(socket, 'data');
      socket.destroy();
      return String(data);
    },
    [Symbol.dispose]() {
      stop.abort();
      hello.close();
    },
  };
}

test('connects a cluster IP with the process behind it', async () => {
  using proxy = await stage();
  expect(await proxy.connect('10.0.0.7:443')).toBe('hello');
});

test.each(['10.0.0.8:443', '10.0.0.7:80', '[nothing'])('refuses %s', async (target) => {
  using proxy = await stage();
  expect(await proxy.connect(target)).toBe('502');
});

test('serves nobody else', async () => {
  using proxy = await stage((await createAuthority('other')).cert);
  await expect(proxy.connect('10.0.0.7:443')).rejects.toThrow();
});
