import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { type Address, showAddress } from './address.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string | undefined;
}

export type Handler = (url: URL) => Answer | Promise<Answer>;

/** By path; a handler also gets what lies below its path. */
export type Routes = Readonly<Record<string, Handler>>;

export interface HttpServer {
  /** The port that it really has, also when 0 was asked for. */
  readonly port: number;
  /** Ends open connections too; resolves when the port is free. */
  close(): Promise<void>;
}

/** Serves GET. Rejects, naming the address, when it cannot listen. */
export async function serveHttp(address: Address, routes: Routes): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answer(request, routes).then(
      (result) => send(response, request.method, result),
      () => send(response, request.method, { status: 500, body: 'internal error\n' }),
    );
  });
  await listen(server, address);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Prometheus' text of all metrics. */
export function metricsHandler(registry: Registry): Handler {
  return async () => ({ status: 200, body: await registry.metrics(), contentType: registry.contentType });
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot listen on ${showAddress(address)}: ${cause.message}`, { cause })),
    );
    server.listen({ port: address.port, ...(address.host && { host: address.host }) }, resolve);
  });
}

async function answer(request: IncomingMessage, routes: Routes): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'method not allowed\n' };
  const url = URL.parse(request.url ?? '/', 'http://server');
  if (!url) return { status: 400, body: 'bad path\n' };
  const path = Object.keys(routes).find((route) => url.pathname === route || url.pathname.startsWith(`${route}/`));
  const handler = path === undefined ? undefined : routes[path];
  return handler ? handler(url) : { status: 404, body: 'not found\n' };
}

function send(response: ServerResponse, method: string | undefined, { status, body, contentType }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(method === 'HEAD' ? undefined : body);
}
