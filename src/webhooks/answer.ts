import type { IncomingMessage } from 'node:http';
import { toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import { redactText } from '../telemetry/redact.ts';
import { readBody } from './body.ts';
import { decodeReview } from './envelope.ts';
import type { Expiry } from './expiry.ts';
import { brokenReply, type Reply, reviewReply, statusReply } from './reply.ts';
import type { ReviewRequest, ReviewResult, Webhook } from './webhook.ts';

export interface Limits {
  /** Of a body. The API server sends at most the object twice, each up to 1.5 MiB. */
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Of a review when the API server does not say how long it waits. */
  readonly timeoutMs: number;
}

/** The time for a request is over. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export interface AnswerOptions {
  readonly webhook: Webhook;
  readonly limits: Limits;
  readonly log: Logger;
  /** Of `createTurns`, one for all webhooks. */
  readonly turn: () => Promise<void>;
}

/** Rejects only with BodyAbortedError: there is nobody to answer then. */
export async function answerReview(options: AnswerOptions, request: IncomingMessage, expiry: Expiry): Promise<Reply> {
  const { webhook, limits, log, turn } = options;
  const refused = refuseHead(request, limits);
  if (refused) return refused;
  const body = await expiry.before(readBody(request, limits.maxBytes)).catch((error: unknown) => {
    if (error instanceof TimeoutError) return error;
    throw error;
  });
  if (body instanceof TimeoutError) return statusReply(408, 'the body did not come in time');
  if (!body) return tooLarge(limits);
  await turn();
  const { remoteAddress } = request.socket;
  const decoded = decodeReview(body, { maxDepth: limits.maxDepth, remoteAddress });
  const { version } = decoded;
  if ('problem' in decoded) {
    log.debug({ webhook: webhook.name, problem: decoded.problem }, 'Review cannot be read');
    if (decoded.uid === undefined) return statusReply(400, decoded.problem);
    return brokenReply(version, decoded.uid, 400, decoded.problem);
  }
  const review = decoded.request;
  try {
    const result = await expiry.before(run(webhook, review, expiry.signal));
    return reviewReply(version, review, result, webhook.type === 'mutating');
  } catch (error) {
    const failure = failureOf(toError(error));
    log.error({ error: toError(error), ...describe(webhook, review) }, 'Review failed');
    return brokenReply(version, review.uid, failure.code, failure.message);
  }
}

/** Async, so that a webhook that throws at once rejects. */
async function run(webhook: Webhook, request: ReviewRequest, signal: AbortSignal): Promise<ReviewResult> {
  return webhook.review(request, signal);
}

function refuseHead({ headers }: IncomingMessage, limits: Limits): Reply | undefined {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') return statusReply(415, 'the content type must be application/json');
  const encoding = headers['content-encoding'];
  if (encoding && encoding !== 'identity') return statusReply(415, 'the body must not be compressed');
  return Number(headers['content-length']) > 4 * limits.maxBytes ? tooLarge(limits) : undefined;
}

function tooLarge({ maxBytes }: Limits): Reply {
  return statusReply(413, `the body is larger than ${maxBytes} bytes`);
}

const maxMessage = 500;

function failureOf(error: Error): { code: number; message: string } {
  if (error instanceof TimeoutError) return { code: 504, message: error.message };
  const [line = ''] = redactText(error.message).split('\n', 1);
  return { code: 500, message: `internal error: ${line.slice(0, maxMessage)}` };
}

function describe(webhook: Webhook, { kind, namespace, name, operation, uid }: ReviewRequest): object {
  return { webhook: webhook.name, uid, kind: kind.kind, namespace, name, operation };
}
