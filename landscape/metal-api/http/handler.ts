import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, sleep } from '../../../src/kube/clock.ts';
import { dropNulls } from '../body.ts';
import type { Context, Role, Route } from '../context.ts';
import { ApiError, badRequest } from '../errors.ts';
import { type AuthOptions, authenticate, authorize } from './auth.ts';
import type { Call, CallLog } from './call-log.ts';
import { readText, sendJson, sendText } from './exchange.ts';
import type { Faults, Knobs } from './knobs.ts';
import type { Router } from './router.ts';

/** Sees each request and answer as they are on the wire. */
export type Observer = (exchange: {
  readonly method: string;
  readonly path: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}) => void;

/**
 * `object` is what metal-api.json says. `string` is the same object as JSON inside a JSON string: what encoding/json makes of
 * metal-lib's HTTPErrorResponse since it has MarshalText, and the only form that metal-go v0.43.1 reads.
 */
export type ErrorBody = 'object' | 'string';

export interface HandlerOptions {
  readonly router: Router;
  readonly auth: AuthOptions;
  readonly clock: Clock;
  readonly knobs: Knobs;
  readonly calls: CallLog;
  readonly context: () => Context;
  readonly observe: Observer | undefined;
  readonly errorBody: ErrorBody;
  /** Aborted when the simulator stops: ends injected waiting. */
  readonly stopped: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly effect: boolean;
  /** Paths that metal-api does not know are answered by its router, in plain text. */
  readonly plain?: boolean;
}

interface Seen {
  operation: string;
  role: Role | undefined;
  requestBody: unknown;
}

const READS = /^(list|find|get|query|info|health|suggest|partitionCapacity|issues)/;

/** Answers one request below the base path: faults, then authentication, then the endpoint, then the call log. */
export async function handleApi(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  path: string,
): Promise<void> {
  const { knobs, clock } = options;
  const method = request.method ?? 'GET';
  const text = await readText(request);
  if (text === 'aborted') return;
  const started = clock.monotonic();
  const seen: Seen = { operation: '', role: undefined, requestBody: undefined };
  const faults = knobs.decide(method, path);
  if (faults.delayMs > 0) await sleep(clock, faults.delayMs, options.stopped).catch(() => undefined);
  const answer = answerFor(options, request, url, path, text, faults, seen);
  options.calls.add({
    time: new Date(clock.now()).toISOString(),
    method,
    path,
    operation: seen.operation,
    status: isSilent(faults) ? 0 : answer.status,
    project: projectOf(seen.requestBody) ?? projectOf(answer.body),
    effect: answer.effect,
    role: seen.role,
    fault: faultName(faults),
    durationMs: clock.monotonic() - started,
  });
  if (faults.connection === 'ok' && !faults.error) {
    const { requestBody } = seen;
    options.observe?.({ method, path, requestBody, status: answer.status, responseBody: answer.body });
  }
  if (faults.connection === 'hang') return;
  if (isSilent(faults)) {
    request.socket.destroy();
    return;
  }
  send(response, answer, options.errorBody, text === 'too-large');
}

function isSilent(faults: Faults): boolean {
  return faults.connection !== 'ok' || faults.lost;
}

function faultName(faults: Faults): Call['fault'] {
  if (faults.connection !== 'ok') return faults.connection;
  if (faults.error) return 'error';
  return faults.lost ? 'lost' : undefined;
}

function send(response: ServerResponse, answer: Answer, errorBody: ErrorBody, close: boolean): void {
  if (close) response.setHeader('connection', 'close');
  if (answer.plain) sendText(response, answer.status, String(answer.body));
  else if (answer.status >= 400 && errorBody === 'string' && typeof answer.body === 'object') {
    sendJson(response, answer.status, JSON.stringify(answer.body));
  } else sendJson(response, answer.status, answer.body);
}

function failure(error: ApiError): Answer {
  return { status: error.status, body: error.body(), effect: false };
}

function answerFor(
  options: HandlerOptions,
  request: IncomingMessage,
  url: URL,
  path: string,
  text: { readonly text: string } | 'too-large',
  faults: Faults,
  seen: Seen,
): Answer {
  const method = request.method ?? 'GET';
  if (faults.connection !== 'ok') return { status: 0, body: undefined, effect: false };
  const match = options.router.match(method, path);
  if (match) seen.operation = match.route.operation;
  if (faults.error) return failure(new ApiError(faults.error.status, faults.error.message));
  try {
    const user = authenticate(options.auth, method, request.headers, options.clock.now());
    seen.role = user?.role;
    if (match?.route.role !== 'open') authorize(options.auth, user, match?.route.role ?? 'any');
    if (!match) return unknownPath(options.router, path);
    if (text === 'too-large') throw new ApiError(413, 'request body too large');
    const json = parseJson(text.text);
    seen.requestBody = json;
    const body = match.route.handle(options.context(), {
      params: match.params,
      query: url.searchParams,
      body: dropNulls(json ?? {}),
      user,
    });
    return { status: match.route.status, body, effect: !isRead(match.route) };
  } catch (error) {
    if (error instanceof ApiError) return failure(error);
    throw error;
  }
}

function isRead(route: Route): boolean {
  return route.method === 'GET' || READS.test(route.operation);
}

function unknownPath(router: Router, path: string): Answer {
  const status = router.knows(path) ? 405 : 404;
  const body = status === 405 ? '405: Method Not Allowed' : '404: Page Not Found';
  return { status, body, effect: false, plain: true };
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`cannot read request body: ${error instanceof Error ? error.message : 'invalid JSON'}`);
  }
}

function projectOf(body: unknown): string | undefined {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return undefined;
  const fields = body as Record<string, unknown>;
  const project = fields.projectid ?? fields.allocation_project;
  return typeof project === 'string' && project !== '' ? project : undefined;
}
