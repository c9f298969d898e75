import type { Dispatcher } from 'undici';
import type { Answer } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Lane, Pools } from './pools.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface TransportRequest {
  /** For errors, as describeCall makes it. */
  readonly call: string;
  readonly method: Method;
  /** Behind the server's base path, query included. */
  readonly path: string;
  readonly body?: object | undefined;
  readonly contentType?: string | undefined;
  /** The call has the same effect when the server executes it twice. */
  readonly idempotent: boolean;
  /** Errors must not quote what was sent. */
  readonly secret?: boolean | undefined;
}

/** One exchange with the server, also each of a call that is repeated. */
export interface RequestObservation {
  readonly verb: Method;
  /** The HTTP status, or `<error>` when no answer came. */
  readonly code: string;
  readonly host: string;
  /** Until the answer was read; for a watch until it began. */
  readonly durationMs: number;
}

export interface ExchangeOptions {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly onRequest?: ((observation: RequestObservation) => void) | undefined;
}

/** Sends the request once over this connection and reads what comes back, the observer told of it in any case. */
export async function exchange<T extends { readonly code: number }>(
  options: ExchangeOptions,
  request: TransportRequest,
  connection: Connection,
  lane: Lane,
  signal: AbortSignal,
  read: (response: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  const started = options.clock.monotonic();
  let code = '<error>';
  try {
    const response = await options.pools.dispatcher(connection, lane).request({
      origin: connection.origin,
      path: connection.basePath + request.path,
      method: request.method,
      headers: {
        ...connection.headers,
        accept: 'application/json',
        'user-agent': options.userAgent,
        ...(request.body ? { 'content-type': request.contentType ?? 'application/json' } : {}),
      },
      body: request.body ? JSON.stringify(request.body) : null,
      signal,
    });
    const result = await read(response);
    code = String(result.code);
    return result;
  } finally {
    options.onRequest?.({
      verb: request.method,
      code,
      host: new URL(connection.origin).host,
      durationMs: options.clock.monotonic() - started,
    });
  }
}

export async function readAnswer(response: Dispatcher.ResponseData): Promise<Answer> {
  return {
    code: response.statusCode,
    contentType: String(response.headers['content-type'] ?? ''),
    retryAfter: response.headers['retry-after']?.toString(),
    text: await response.body.text(),
  };
}
