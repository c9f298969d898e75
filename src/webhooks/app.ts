import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type Request, type Response } from 'express';
import { type Clock, systemClock } from '../kube/clock.ts';
import { toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import { answerReview, type Limits, TimeoutError } from './answer.ts';
import { BodyAbortedError } from './body.ts';
import { reviewTimeout } from './duration.ts';
import { startExpiry } from './expiry.ts';
import type { WebhookMeter, WebhookMetrics } from './metrics.ts';
import { type Reply, statusReply } from './reply.ts';
import { createTurns } from './turn.ts';
import type { Webhook } from './webhook.ts';

export interface AppOptions {
  readonly webhooks: readonly Webhook[];
  readonly log: Logger;
  readonly metrics?: WebhookMetrics | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly clock?: Clock | undefined;
}

const defaultLimits: Limits = { maxBytes: 3 * 1024 * 1024, maxDepth: 100, timeoutMs: 10_000 };

/**
 * Serves each webhook at its path: AdmissionReviews of v1 and v1beta1 in and out. Whatever is sent gets a well-formed
 * answer: an AdmissionReview that refuses as soon as the uid can be read, else a Status with a 4xx code. express routes
 * whatever is not spelled as API servers spell it; what is goes past it, because it gives requests other prototypes, and
 * that slows down all that node does with them.
 */
export function createApp(options: AppOptions): RequestListener {
  const { webhooks, log, metrics, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  const turn = createTurns();
  const served = new Map<string, Served>();
  for (const webhook of webhooks) {
    if (served.has(webhook.path)) throw new Error(`two webhooks have the path ${webhook.path}`);
    const own = { webhook, limits, clock, log, turn, meter: metrics?.webhook(webhook.path) };
    served.set(webhook.path, own);
    app.post(webhook.path, (request, response) => serve(own, request, response));
    app.all(webhook.path, (_, response) => {
      response.setHeader('allow', 'POST');
      send(response, statusReply(405, 'only POST is served here'));
    });
  }
  app.use((_, response) => send(response, statusReply(404, 'there is no webhook at this path')));
  const fail = (error: unknown, response: ServerResponse) => {
    log.error({ error: toError(error) }, 'Request failed');
    if (response.headersSent) response.destroy();
    else send(response, statusReply(500, 'internal error'));
  };
  app.use((error: unknown, _: Request, response: Response, __: unknown) => fail(error, response));
  return (request, response) => {
    const own = request.method === 'POST' ? served.get(pathOf(request.url ?? '')) : undefined;
    if (own) serve(own, request, response).catch((error: unknown) => fail(error, response));
    else app(request, response);
  };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

interface Served {
  readonly webhook: Webhook;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Logger;
  readonly turn: () => Promise<void>;
  readonly meter: WebhookMeter | undefined;
}

async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { limits, clock, meter } = served;
  const started = clock.monotonic();
  const ms = reviewTimeout(request.url ?? '', limits.timeoutMs);
  const expiry = startExpiry(clock, ms, () => new TimeoutError(`no answer within ${ms / 1000} s`));
  meter?.began();
  let status = 499;
  try {
    const reply = await answerReview(served, request, expiry);
    status = reply.status;
    send(response, reply);
  } catch (error) {
    if (!(error instanceof BodyAbortedError)) throw error;
    response.destroy();
  } finally {
    expiry.cancel();
    meter?.ended(status, (clock.monotonic() - started) / 1000);
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  // What was not read would be taken for the next request.
  if (!response.req.readableEnded) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
