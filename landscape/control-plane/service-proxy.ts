import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KeyPair } from '../pki/authority.ts';
import { endpointSlices, localPort, SERVICE_NAME_LABEL, services } from './service.ts';

/** Finds the port of this machine for an address that the API server would connect to. */
export type Resolve = (host: string, port: number) => Promise<number | undefined>;

/** By the Service that has this cluster IP, and its EndpointSlices; `localhost` (an ExternalName) is this machine. */
export function serviceResolver(client: () => KubeClient): Resolve {
  return async (host, port) => {
    if (host === 'localhost') return port;
    const { items } = await client().list(services, { fieldSelector: `spec.clusterIP=${host}` });
    const [service] = items;
    if (!service) return undefined;
    const { name, namespace } = service.metadata;
    const labelSelector = `${SERVICE_NAME_LABEL}=${name}`;
    return localPort(service, (await client().list(endpointSlices, { namespace, labelSelector })).items, port);
  };
}

export interface ServiceProxyOptions {
  readonly server: KeyPair;
  /** PEM of the authority of the one client that may connect. */
  readonly clientCa: string;
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
 * What kube-proxy and the pod network are to an API server: it connects through this server (HTTP CONNECT, an egress
 * selector) to cluster IPs, behind which processes of this machine listen at whatever port was free. Resolves to its port.
 */
export async function startServiceProxy({ server, clientCa, resolve, signal }: ServiceProxyOptions): Promise<number> {
  const proxy = createServer({ cert: server.cert, key: server.key, ca: clientCa, requestCert: true });
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
