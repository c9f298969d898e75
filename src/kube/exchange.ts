import type { IncomingMessage } from 'node:http';
import { type HttpMessage, readText, sendHttp } from '../http/send.ts';
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
  /** 429 is an answer about the object: the call is not repeated. */
  readonly mayBeRefused?: boolean | undefined;
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
  read: (response: IncomingMessage) => Promise<T>,
): Promise<T> {
  return options.pools.use(connection, lane, async (route) => {
    const started = options.clock.monotonic();
    let code = '<error>';
    try {
      const result = await read(await sendHttp(route, messageOf(options, request, connection), signal));
      code = String(result.code);
      return result;
    } finally {
      const durationMs = options.clock.monotonic() - started;
      options.onRequest?.({ verb: request.method, code, host: route.host, durationMs });
    }
  });
}

function messageOf(options: ExchangeOptions, request: TransportRequest, connection: Connection): HttpMessage {
  return {
    method: request.method,
    path: connection.basePath + request.path,
    headers: {
      ...connection.headers,
      accept: 'application/json',
      'user-agent': options.userAgent,
      ...(request.body ? { 'content-type': request.contentType ?? 'application/json' } : {}),
    },
    body: request.body && JSON.stringify(request.body),
  };
}

export async function readAnswer(response: IncomingMessage): Promise<Answer> {
  return {
    code: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    retryAfter: response.headers['retry-after'],
    text: await readText(response),
  };
}
