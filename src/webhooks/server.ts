import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
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
  /** Accepts nothing new, finishes what runs, closes. What still runs after `graceMs` is cut off. Idempotent. */
  drain(graceMs?: number): Promise<void>;
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
  let draining = false;
  const options = { ...certificate, minVersion, keepAliveTimeout, headersTimeout, requestTimeout } as const;
  const server = createServer(options, (request: IncomingMessage, response: ServerResponse) => {
    if (draining) response.setHeader('connection', 'close');
    running.add(response);
    response.once('close', () => running.delete(response));
    listener(request, response);
  });
  await listen(server, address);
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));

  return {
    port: (server.address() as AddressInfo).port,
    reload: ({ cert, key }) => server.setSecureContext({ cert, key, minVersion }),
    async drain(graceMs = 20_000) {
      if (!draining) {
        draining = true;
        for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
        server.close();
      }
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot listen on ${showAddress(address)}: ${cause.message}`, { cause })),
    );
    server.listen({ port: address.port, ...(address.host && { host: address.host }) }, resolve);
  });
}
