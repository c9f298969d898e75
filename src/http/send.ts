import { type IncomingMessage, request as startRequest } from 'node:http';
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
    const timer = setTimeout(
      () => request.destroy(new ConnectTimeout(`not connected within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    const onAbort = () => {
      clearTimeout(timer);
      (response ?? request).destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    request.on('error', reject);
    request.once('socket', (socket) => {
      if (request.reusedSocket) clearTimeout(timer);
      else socket.once(route.secure ? 'secureConnect' : 'connect', () => clearTimeout(timer));
    });
    request.once('response', (answer) => {
      response = answer;
      resolve(answer);
    });
    request.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
    request.end(body);
  });
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
