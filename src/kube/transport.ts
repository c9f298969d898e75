import type { Dispatcher } from 'undici';
import { type Answer, apiErrorOf } from './answer.ts';
import { type Clock, sleep } from './clock.ts';
import type { Connection, ConnectionSource } from './connection.ts';
import { abortable, startDeadline } from './deadline.ts';
import type { ApiError } from './errors.ts';
import type { Lane, Pools } from './pools.ts';
import type { TokenBucket } from './token-bucket.ts';
import { TransportError, toTransportError } from './transport-error.ts';

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

export interface TransportOptions {
  readonly source: ConnectionSource;
  readonly pools: Pools;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
  readonly bucket?: TokenBucket | undefined;
  readonly onRequest?: ((observation: RequestObservation) => void) | undefined;
}

export type Body = Dispatcher.ResponseData['body'];

/** Both throw ApiError, TransportError, or the signal's reason. */
export interface Transport {
  /** The parsed body of a 2xx answer. */
  call(request: TransportRequest, timeoutMs: number, signal?: AbortSignal): Promise<unknown>;
  /** The body of a 2xx answer as it comes. The signal cuts its socket; there is no other deadline. */
  stream(request: TransportRequest, signal: AbortSignal): Promise<Body>;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer };
type Attempt<T> = (connection: Connection) => Promise<Outcome<T>>;

const maxRepeats = 8;

export function createTransport(options: TransportOptions): Transport {
  return {
    async call(request, timeoutMs, signal) {
      const reason = () => new TransportError(request.call, 'DEADLINE', `no answer within ${timeoutMs} ms`);
      const deadline = startDeadline(options.clock, timeoutMs, reason, signal);
      try {
        return await repeat(options, request, deadline.signal, deadline.left, async (connection) => {
          const answer = await exchange(options, request, connection, 'calls', deadline.signal, readAnswer);
          return isSuccess(answer.code) ? { ok: true, value: parse(request, answer) } : { ok: false, answer };
        });
      } finally {
        deadline.end();
      }
    },
    stream(request, signal) {
      return repeat(
        options,
        request,
        signal,
        () => Number.POSITIVE_INFINITY,
        (connection) => exchange(options, request, connection, 'watches', signal, readHeaders),
      );
    },
  };
}

async function readHeaders(response: Dispatcher.ResponseData): Promise<Outcome<Body> & { readonly code: number }> {
  const code = response.statusCode;
  return isSuccess(code)
    ? { ok: true, value: response.body, code }
    : { ok: false, answer: await readAnswer(response), code };
}

/** Runs the attempt until it succeeds, or fails in a way that another one would not change. */
async function repeat<T>(
  options: TransportOptions,
  request: TransportRequest,
  signal: AbortSignal,
  left: () => number,
  attempt: Attempt<T>,
): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    const connection = await connect(options, request, signal);
    let outcome: Outcome<T>;
    try {
      outcome = await attempt(connection);
    } catch (error) {
      await explain(options, request, signal, error, repeats);
      continue;
    }
    if (outcome.ok) return outcome.value;
    const error = apiErrorOf(outcome.answer, request.call, request.secret === true);
    if (error.code === 401) {
      const isNew = repeats === 0 && differs(await abortable(options.source.refresh(), signal), connection);
      if (!isNew) throw error;
      continue;
    }
    const waitMs = waitBeforeRepeat(error, request, options.random);
    if (waitMs === undefined || repeats >= maxRepeats || waitMs >= left()) throw error;
    await sleep(options.clock, waitMs, signal);
  }
}

async function connect(options: TransportOptions, request: TransportRequest, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted();
  const waitMs = options.bucket?.reserve() ?? 0;
  if (waitMs > 0) await sleep(options.clock, waitMs, signal);
  try {
    return await abortable(options.source.current(), signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toTransportError(request.call, error);
  }
}

/** Returns only when the call may be tried at once again: a kept connection that the server had closed meanwhile. */
async function explain(
  options: TransportOptions,
  request: TransportRequest,
  signal: AbortSignal,
  error: unknown,
  repeats: number,
): Promise<void> {
  if (signal.aborted) throw signal.reason;
  const trouble = toTransportError(request.call, error);
  // Other certificates of the server look like a broken connection, so the next attempt reads the files anew.
  await abortable(options.source.refresh(), signal).catch(() => undefined);
  const isReset = trouble.code === 'UND_ERR_SOCKET' || trouble.code === 'ECONNRESET' || trouble.code === 'EPIPE';
  if (!(isReset && request.method === 'GET' && repeats === 0)) throw trouble;
}

async function exchange<T extends { readonly code: number }>(
  options: TransportOptions,
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

async function readAnswer(response: Dispatcher.ResponseData): Promise<Answer> {
  return {
    code: response.statusCode,
    contentType: String(response.headers['content-type'] ?? ''),
    retryAfter: response.headers['retry-after']?.toString(),
    text: await response.body.text(),
  };
}

function parse(request: TransportRequest, answer: Answer): unknown {
  if (answer.text === '') return undefined;
  try {
    return JSON.parse(answer.text);
  } catch {
    // The parser's message quotes the text.
    throw new TransportError(request.call, 'NOT_JSON', 'the answer is not JSON');
  }
}

/**
 * 429 says that the call was not executed (too many calls, or the storage of a new CRD is not ready yet). For other
 * answers the server must ask for the repetition, and the call must bear it.
 */
function waitBeforeRepeat(error: ApiError, request: TransportRequest, random: () => number): number | undefined {
  const isAsked = error.code >= 500 && error.retryAfterMs !== undefined && request.idempotent;
  if (error.code !== 429 && !isAsked) return undefined;
  return Math.max(error.retryAfterMs ?? 1_000, 100) * (1 + random() / 4);
}

function differs(one: Connection, other: Connection): boolean {
  return one.socketId !== other.socketId || one.headers.authorization !== other.headers.authorization;
}

function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}
