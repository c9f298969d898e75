import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KeyPair } from '../pki/authority.ts';
import { endpointSlices, localPort, SERVICE_NAME_LABEL, type Service, services } from './service.ts';

/** Finds the port of this machine for an address that the API server would connect to. */
export type Resolve = (host: string, port: number) => Promise<number | undefined>;

/** By the Service that has this cluster IP or name, and its EndpointSlices; `localhost` (an ExternalName) is this machine. */
export function serviceResolver(client: () => KubeClient): Resolve {
  return async (host, port) => {
    if (host === 'localhost') return port;
    const service = await findService(client(), host);
    if (!service) return undefined;
    const { name, namespace } = service.metadata;
    const labelSelector = `${SERVICE_NAME_LABEL}=${name}`;
    return localPort(service, (await client().list(endpointSlices, { namespace, labelSelector })).items, port);
  };
}

/** `host`: a cluster IP, or `<name>.<namespace>.svc`. */
async function findService(client: KubeClient, host: string): Promise<Service | undefined> {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc$/.exec(host) ?? [];
  if (name && namespace) return client.find(services, { namespace, name });
  return (await client.list(services, { fieldSelector: `spec.clusterIP=${host}` })).items[0];
}

export interface ServiceProxyOptions {
  /** With the PEM of the authority of the one client that may connect. Plain HTTP, for all of this machine, when absent. */
  readonly tls?: { readonly server: KeyPair; readonly clientCa: string };
  readonly resolve: Resolve;
  /** Closes it, and every connection. */
  readonly signal: AbortSignal;
}

function answer(socket: Duplex, status: string): void {
  socket.write(`HTTP/1.1 ${status}\r\n\r\n`);
}

function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

/**
 * What kube-proxy, DNS and the pod network are to an API server: it connects through this server (HTTP CONNECT) to
 * Services, behind which processes of this machine listen at whatever port was free. Resolves to its port.
 */
export async function startServiceProxy({ tls, resolve, signal }: ServiceProxyOptions): Promise<number> {
  const proxy = tls
    ? createServer({ cert: tls.server.cert, key: tls.server.key, ca: tls.clientCa, requestCert: true })
    : createPlainServer();
  const open = new Set<Duplex>();
  const serve = async (authority: string, socket: Duplex): Promise<void> => {
    const { hostname, port } = new URL(`http://${authority}`);
    const local = await resolve(hostname.replace(/^\[|\]$/g, ''), Number(port || 80));
    if (local === undefined) throw new Error(`nothing serves ${authority}`);
    const target = connect(local, '127.0.0.1');
    await once(target, 'connect');
    if (socket.destroyed) {
      target.destroy();
      return;
    }
    answer(socket, '200 Connection established');
    join(socket, target);
  };
  proxy.on('connect', (request, socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(request.url ?? '', socket).catch(() => {
      answer(socket, '502 Bad Gateway');
      socket.end();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  signal.addEventListener(
    'abort',
    () => {
      proxy.close();
      proxy.closeAllConnections();
      for (const socket of open) socket.destroy();
    },
    { once: true },
  );
  return (proxy.address() as AddressInfo).port;
}
