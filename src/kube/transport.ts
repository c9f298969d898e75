import type { IncomingMessage } from 'node:http';
import { type Answer, apiErrorOf } from './answer.ts';
import { sleep } from './clock.ts';
import type { Connection, ConnectionSource } from './connection.ts';
import { abortable, startDeadline } from './deadline.ts';
import type { ApiError } from './errors.ts';
import { type ExchangeOptions, exchange, readAnswer, type TransportRequest } from './exchange.ts';
import type { TokenBucket } from './token-bucket.ts';
import { deadlineError, TransportError, toTransportError } from './transport-error.ts';

/** Both throw ApiError, TransportError, or the signal's reason. */
export interface Transport {
  /** The parsed body of a 2xx answer. */
  call(request: TransportRequest, timeoutMs: number, signal?: AbortSignal): Promise<unknown>;
  /** The body of a 2xx answer as it comes. The signal cuts its socket; there is no other deadline. */
  stream(request: TransportRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export interface TransportOptions extends ExchangeOptions {
  readonly source: ConnectionSource;
  readonly random: () => number;
  readonly bucket?: TokenBucket | undefined;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer };
type Attempt<T> = (connection: Connection) => Promise<Outcome<T>>;

const maxRepeats = 8;

export function createTransport(options: TransportOptions): Transport {
  return {
    async call(request, timeoutMs, signal) {
      const deadline = startDeadline(options.clock, timeoutMs, () => deadlineError(request.call, timeoutMs), signal);
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

async function readHeaders(response: IncomingMessage): Promise<Outcome<IncomingMessage> & { readonly code: number }> {
  const code = response.statusCode ?? 0;
  return isSuccess(code)
    ? { ok: true, value: response, code }
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
    const outcome = await attempt(connection).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      const trouble = toTransportError(request.call, error);
      if (repeats > 0 || !isStaleRead(trouble, request)) throw trouble;
    });
    if (outcome?.ok) return outcome.value;
    if (!outcome) continue;
    const error = apiErrorOf(outcome.answer, request.call, request.secret === true);
    if (error.code === 401 && repeats === 0 && (await hasNewCredentials(options, connection, signal))) continue;
    const waitMs = waitBeforeRepeat(error, request, options.random);
    if (waitMs === undefined || repeats >= maxRepeats || waitMs >= left()) throw error;
    await sleep(options.clock, waitMs, signal);
  }
}

async function hasNewCredentials(options: TransportOptions, used: Connection, signal: AbortSignal): Promise<boolean> {
  const fresh = await abortable(options.source.refresh(), signal);
  return fresh.socketId !== used.socketId || fresh.headers.authorization !== used.headers.authorization;
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

/** A kept connection that the server had closed meanwhile: what only reads may be tried at once again. */
function isStaleRead(trouble: TransportError, request: TransportRequest): boolean {
  const isReset = trouble.code === 'ECONNRESET' || trouble.code === 'EPIPE';
  return isReset && request.method === 'GET';
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
  const isRefused = error.code === 429 && request.mayBeRefused;
  if (isRefused || (error.code !== 429 && !isAsked)) return undefined;
  return Math.max(error.retryAfterMs ?? 1_000, 100) * (1 + random() / 4);
}

function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}
