import express, { type Express, type Request, type Response } from 'express';
import { type Clock, systemClock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import { answerReview, type Limits, TimeoutError } from './answer.ts';
import { BodyAbortedError } from './body.ts';
import { reviewTimeout } from './duration.ts';
import { startExpiry } from './expiry.ts';
import type { WebhookMeter, WebhookMetrics } from './metrics.ts';
import { type Reply, statusReply } from './reply.ts';
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
 * answer: an AdmissionReview that refuses as soon as the uid can be read, else a Status with a 4xx code.
 */
export function createApp(options: AppOptions): Express {
  const { webhooks, log, metrics, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  const paths = new Set<string>();
  for (const webhook of webhooks) {
    if (paths.has(webhook.path)) throw new Error(`two webhooks have the path ${webhook.path}`);
    paths.add(webhook.path);
    const meter = metrics?.webhook(webhook.path);
    app.post(webhook.path, (request, response) => serve({ webhook, limits, clock, log, meter }, request, response));
    app.all(webhook.path, (_, response) => {
      response.setHeader('allow', 'POST');
      send(response, statusReply(405, 'only POST is served here'));
    });
  }
  app.use((_, response) => send(response, statusReply(404, 'there is no webhook at this path')));
  app.use((error: Error, _: Request, response: Response, __: unknown) => {
    log.error({ error }, 'Request failed');
    if (response.headersSent) response.destroy();
    else send(response, statusReply(500, 'internal error'));
  });
  return app;
}

interface Served {
  readonly webhook: Webhook;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: WebhookMeter | undefined;
}

async function serve(served: Served, request: Request, response: Response): Promise<void> {
  const { webhook, limits, clock, log, meter } = served;
  const started = clock.monotonic();
  const ms = reviewTimeout(request.url, limits.timeoutMs);
  const expiry = startExpiry(clock, ms, () => new TimeoutError(`no answer within ${ms / 1000} s`));
  meter?.began();
  let status = 499;
  try {
    const reply = await answerReview({ webhook, limits, log }, request, expiry);
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

function send(response: Response, { status, body }: Reply): void {
  // What was not read would be taken for the next request.
  if (!response.req.readableEnded) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
