import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createFakeClock } from '../../src/kube/fake-clock.ts';
import { createMemoryClient } from '../../src/kube/memory/client.ts';
import { createMemoryStore } from '../../src/kube/memory/store.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { createAuthority } from '../pki/authority.ts';
import { SERVICE_NAME_LABEL, THIS_MACHINE } from './service.ts';
import { serviceResolver, startServiceProxy } from './service-proxy.ts';

/** A proxy before a server that says hello; connects as the client of that authority, or without TLS. */
async function stage({ clientCa, plain = false }: { readonly clientCa?: string; readonly plain?: boolean } = {}) {
  const authority = await createAuthority('test');
  const stop = new AbortController();
  const hello = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await once(hello, 'listening');
  const resolve = async (host: string, port: number) =>
    host === '10.0.0.7' && port === 443 ? (hello.address() as AddressInfo).port : undefined;
  const server = await authority.server('proxy', ['127.0.0.1']);
  const proxyPort = await startServiceProxy({
    ...(plain ? {} : { tls: { server, clientCa: clientCa ?? authority.cert } }),
    resolve,
    signal: stop.signal,
  });
  const client = await authority.client('apiserver');
  return {
    async connect(target: string): Promise<string> {
      const call = (plain ? plainRequest : request)({
        ...{ host: '127.0.0.1', port: proxyPort, method: 'CONNECT', path: target, agent: false },
        ...{ ca: authority.cert, cert: client.cert, key: client.key },
      });
      call.end();
      const [response, socket, head] = await once(call, 'connect');
      if (response.statusCode !== 200) return String(response.statusCode);
      // It may have come with the answer.
      const [data] = head.length > 0 ? [head] : await once(socket, 'data');
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

test('does so for all of this machine without TLS', async () => {
  using proxy = await stage({ plain: true });
  expect(await proxy.connect('10.0.0.7:443')).toBe('hello');
});

test.each(['10.0.0.8:443', '10.0.0.7:80', '[nothing'])('refuses %s', async (target) => {
  using proxy = await stage();
  expect(await proxy.connect(target)).toBe('502');
});

test('serves nobody else', async () => {
  using proxy = await stage({ clientCa: (await createAuthority('other')).cert });
  await expect(proxy.connect('10.0.0.7:443')).rejects.toThrow();
});

test.each([
  ['manager.garden.svc', 443, 40_000],
  ['manager.garden.svc', 80, undefined],
  ['other.garden.svc', 443, undefined],
  ['localhost', 8443, 8443],
])('%s:%d is the port %s of this machine', async (host, port, expected) => {
  const store = createMemoryStore(createFakeClock());
  const metadata = { name: 'manager', namespace: 'garden' };
  store.put({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 443 }] } } as KubeObject);
  store.put({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { [SERVICE_NAME_LABEL]: 'manager' } },
    endpoints: [{ addresses: [THIS_MACHINE] }],
    ports: [{ port: 40_000 }],
  } as KubeObject);
  const client = createMemoryClient({ store, writer: 'test' });
  expect(await serviceResolver(() => client)(host, port)).toBe(expected);
});
