import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRoute } from './route.ts';

export interface HttpMessage {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** No connection, TLS included, came about in time: nothing was sent. */
class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout';
  readonly code = 'CONNECT_TIMEOUT';
}

/**
 * Resolves with the head of the answer. Rejects with node's error, or at once with the signal's reason. The signal also
 * holds for the body: whenever it is aborted, the socket is freed. A new socket must be connected, TLS included, within
 * `connectTimeoutMs`.
 */
export function sendHttp(
  route: HttpRoute,
  message: HttpMessage,
  signal: AbortSignal,
  connectTimeoutMs: number = 10_000,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { method, path, body } = message;
    const request = startRequest({
      ...route.target,
      method,
      path: route.prefix + path,
      headers: {
        ...route.headers,
        ...message.headers,
        // Node leaves it out for a DELETE.
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      ...(route.tunnels ? { givenUp: signal } : {}),
    });
    let response: IncomingMessage | undefined;
    const onAbort = () => {
      (response ?? request).destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    request.on('error', reject);
    request.once('socket', (socket) => {
      if (isConnecting(socket)) limitConnecting(request, socket, connectTimeoutMs);
    });
    request.once('response', (answer) => {
      response = answer;
      resolve(answer);
    });
    request.once('close', () => signal.removeEventListener('abort', onAbort));
    request.end(body);
  });
}

/** Not to be told by `request.reusedSocket`: it is false for a request that had to wait for its socket. */
function isConnecting(socket: Socket & { readonly secureConnecting?: boolean }): boolean {
  return socket.connecting || socket.secureConnecting === true;
}

function limitConnecting(request: ClientRequest, socket: Socket, ms: number): void {
  const timer = setTimeout(() => request.destroy(new ConnectTimeout(`not connected within ${ms} ms`)), ms);
  const done = () => clearTimeout(timer);
  socket.once('secureConnecting' in socket ? 'secureConnect' : 'connect', done);
  request.once('close', done);
}

/** Reads the body as UTF-8. Rejects when it is cut off, or longer than `maxBytes`. */
export function readText(response: IncomingMessage, maxBytes: number = Number.POSITIVE_INFINITY): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) response.destroy(new Error(`an answer of more than ${maxBytes} bytes`));
    });
    response.once('end', () =>
      resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString()),
    );
    response.once('error', reject);
    response.once('close', () => reject(new Error('the answer was cut off')));
  });
}
