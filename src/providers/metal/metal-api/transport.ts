import type { z } from 'zod';
import { type HttpMessage, readText, sendHttp } from '../../../http/send.ts';
import type { Clock } from '../../../kube/clock.ts';
import { authHeaders, type MetalApiCredentials, type RandomInt } from './auth.ts';
import { classify, codeOf, neverSent } from './classify.ts';
import { startDeadline } from './deadline.ts';
import { errorText, parse } from './error-text.ts';
import { MetalApiError } from './errors.ts';
import type { Routes } from './routes.ts';

/** One call of metal-api v1. */
export interface Call<T extends z.ZodType> {
  /** operationId of metal-api's specification, e.g. `findNetworks`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL, e.g. `/v1/network/find`; ids are escaped. */
  readonly path: string;
  readonly body?: object;
  readonly answer: T;
  /** Repeating it does no harm, also when an earlier attempt took effect. */
  readonly repeatable: boolean;
}

export interface Transport {
  /** Base URL of metal-api without `/v1`. */
  readonly endpoint: string;
  readonly credentials: MetalApiCredentials;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly random: RandomInt;
  readonly userAgent: string;
  /** Deadline of one attempt. */
  readonly timeoutMs: number;
}

/** Of an answer. */
const maxBytes = 64 * 1024 * 1024;
/** Less than a usual deadline: when it is over, it is certain that nothing was sent. */
const connectTimeoutMs = 5_000;

/** Sends a call once. Throws MetalApiError, or the signal's reason when the caller gave up. */
export async function send<T extends z.ZodType>(
  transport: Transport,
  call: Call<T>,
  signal?: AbortSignal,
): Promise<z.output<T>> {
  signal?.throwIfAborted();
  const deadline = startDeadline(transport.clock, transport.timeoutMs, signal);
  try {
    const endpoint = new URL(transport.endpoint);
    const message = messageOf(transport, endpoint, call);
    return await transport.routes.use(endpoint, async (route) => {
      const response = await sendHttp(route, message, deadline.signal, connectTimeoutMs);
      const text = await readText(response, maxBytes);
      return read(call, response.statusCode ?? 0, response.headers['retry-after'], text);
    });
  } catch (error) {
    if (error instanceof MetalApiError) throw error;
    signal?.throwIfAborted();
    throw transportError(call, error, deadline.expired, transport.timeoutMs);
  } finally {
    deadline.stop();
  }
}

function messageOf(transport: Transport, endpoint: URL, call: Call<z.ZodType>): HttpMessage {
  return {
    method: call.method,
    path: `${endpoint.pathname.replace(/\/+$/, '')}${call.path}`,
    headers: {
      accept: 'application/json',
      'user-agent': transport.userAgent,
      ...(call.body ? { 'content-type': 'application/json' } : {}),
      ...authHeaders(transport.credentials, call.method, transport),
    },
    body: call.body && JSON.stringify(call.body),
  };
}

function read<T extends z.ZodType>(
  call: Call<T>,
  status: number,
  retryAfter: string | undefined,
  text: string,
): z.output<T> {
  if (status < 200 || status > 299) {
    const message = errorText(text);
    const kind = classify(status, message, parse(text) !== undefined);
    throw new MetalApiError(kind, call.name, message || 'answered without a message', {
      status,
      retryAfterMs: Number(retryAfter) > 0 ? Number(retryAfter) * 1000 : undefined,
    });
  }
  const answer = call.answer.safeParse(parse(text));
  if (answer.success) return answer.data;
  const issue = answer.error.issues[0];
  const where = issue ? `${issue.path.join('.') || 'the whole'}: ${issue.message}` : 'unreadable';
  throw new MetalApiError('bad-answer', call.name, `the answer is not what metal-api documents (${where})`, { status });
}

function transportError(call: Call<z.ZodType>, error: unknown, timedOut: boolean, timeoutMs: number): MetalApiError {
  const unsent = neverSent(error);
  const detail = timedOut ? `no answer within ${timeoutMs} ms` : codeOf(error) || 'the connection failed';
  if (!call.repeatable && !unsent) {
    const text = `${detail}; it is unknown whether the call took effect`;
    return new MetalApiError('outcome-unknown', call.name, text, { cause: error });
  }
  return new MetalApiError(timedOut ? 'timeout' : 'unavailable', call.name, detail, { cause: error });
}

/** A longer Retry-After is for the caller's back-off to keep. */
const MAX_WAIT_MS = 1_000;

/** True when a failed attempt may be sent again: it cannot have taken effect, or repeating it does no harm. */
export function mayRepeat(call: Call<z.ZodType>, error: unknown): boolean {
  if (!(error instanceof MetalApiError)) return false;
  if ((error.retryAfterMs ?? 0) > MAX_WAIT_MS) return false;
  if (call.repeatable) return ['unavailable', 'timeout', 'rate-limited'].includes(error.kind);
  return error.kind === 'unavailable' && error.status === undefined && neverSent(error.cause);
}
