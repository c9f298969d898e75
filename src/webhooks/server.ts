import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { type Address, showAddress } from '../telemetry/address.ts';

/** What a server shows; PEM. `cert` may be a chain. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface WebhookServer {
  /** The port that it really has, also when 0 was asked for. */
  readonly port: number;
  /** For new connections; those that are open stay. Throws when key and certificate do not fit. */
  reload(certificate: ServingCertificate): void;
  /** Tells clients to go elsewhere, then accepts nothing new, finishes what runs, closes. Idempotent. */
  drain(options?: DrainOptions): Promise<void>;
}

/** In milliseconds. */
interface DrainOptions {
  /** How long requests are still accepted, each as the last of its connection: clients hear late of an end. 0. */
  readonly lingerMs?: number;
  /** What still runs after so long is cut off. 20,000. */
  readonly graceMs?: number;
}

/** Clients of the API server keep idle connections for 90 s: the server must not be the one that ends them. */
const keepAliveTimeout = 120_000;
const headersTimeout = 130_000;
const requestTimeout = 140_000;
const minVersion = 'TLSv1.2';

/** Serves HTTPS. Rejects, naming the address, when it cannot listen. */
export async function serveWebhooks(
  address: Address,
  listener: RequestListener,
  certificate: ServingCertificate,
): Promise<WebhookServer> {
  const running = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const secured = new Set<Socket>();
  let draining = false;
  let closing = false;
  const options = { ...certificate, minVersion, keepAliveTimeout, headersTimeout, requestTimeout } as const;
  const server = createServer(options, (request: IncomingMessage, response: ServerResponse) => {
    if (draining) response.setHeader('connection', 'close');
    running.add(response);
    response.once('close', () => running.delete(response));
    listener(request, response);
  });
  server.on('connection', (socket: Socket) => keep(sockets, socket));
  server.on('secureConnection', (socket) => {
    if (closing) socket.destroy();
    else keep(secured, socket);
  });
  await listen(server, address);
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const beginDrain = async (lingerMs: number) => {
    draining = true;
    for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
    if (lingerMs > 0) await setTimeoutAsync(lingerMs);
    closing = true;
    server.close();
    // API servers open connections that they may never use: for node these are not idle.
    const used = new Set([...running].map(({ req }) => req.socket));
    for (const socket of secured) if (!used.has(socket)) socket.destroy();
  };

  return {
    port: (server.address() as AddressInfo).port,
    reload: ({ cert, key }) => server.setSecureContext({ cert, key, minVersion }),
    async drain({ lingerMs = 0, graceMs = 20_000 } = {}) {
      if (!draining) await beginDrain(lingerMs);
      const cut = setTimeout(() => {
        for (const socket of [...secured, ...sockets]) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot listen on ${showAddress(address)}: ${cause.message}`, { cause })),
    );
    server.listen({ port: address.port, ...(address.host && { host: address.host }) }, resolve);
  });
}
