import jsonPatch from 'fast-json-patch';
import type { ReviewVersion } from './envelope.ts';
import { causesOf } from './field-errors.ts';
import { fitWarnings } from './warnings.ts';
import type { ReviewRequest, ReviewResult } from './webhook.ts';

/** What goes back over HTTP; the body is JSON. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

type Refusal = Extract<ReviewResult, { allowed: false }>;

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'Timeout',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  500: 'InternalError',
  504: 'Timeout',
};

/** The answer to a review. `before` is patched into what the result says it becomes; throws when that is not JSON. */
export function reviewReply(
  version: ReviewVersion,
  request: ReviewRequest,
  result: ReviewResult,
  mutates: boolean,
): Reply {
  const warnings = fitWarnings(result.warnings);
  const response = {
    uid: request.uid,
    allowed: result.allowed,
    ...(result.allowed ? mutates && patchOf(request.object, result.object) : { status: statusOf(result, request) }),
    ...(warnings.length > 0 && { warnings }),
  };
  return ok(version, response);
}

/** A refusal of what could be attributed to a request, but not be understood. */
export function brokenReply(version: ReviewVersion, uid: string, code: number, message: string): Reply {
  return ok(version, { uid, allowed: false, status: statusOf({ allowed: false, code, message }) });
}

/** What there is to say when nobody can be told by uid. */
export function statusReply(code: number, message: string): Reply {
  const status = { apiVersion: 'v1', kind: 'Status', metadata: {}, ...statusOf({ allowed: false, code, message }) };
  return { status: code, body: JSON.stringify(status) };
}

function ok(apiVersion: ReviewVersion, response: object): Reply {
  return { status: 200, body: JSON.stringify({ apiVersion, kind: 'AdmissionReview', response }) };
}

function patchOf(before: unknown, after: unknown): { patch: string; patchType: string } | undefined {
  if (after === undefined || after === before) return undefined;
  const patch = jsonPatch.compare(before as object, after as object);
  if (patch.length === 0) return undefined;
  return { patch: Buffer.from(JSON.stringify(patch)).toString('base64'), patchType: 'JSONPatch' };
}

function statusOf({ code, message, errors = [] }: Refusal, request?: ReviewRequest): object {
  const reason = reasons[code];
  const details = hasOnly(message, errors) && { details: { ...subjectOf(request), causes: causesOf(errors) } };
  return { status: 'Failure', code, message, ...(reason && { reason }), ...details };
}

/**
 * Whether the text begins with the errors. Where there are causes kubectl shows them instead of the text: an introduction
 * that names another object (`referenced secret a/b is not valid: ...`) would be lost.
 */
function hasOnly(message: string, [first]: Refusal['errors'] & object): boolean {
  if (!first) return false;
  const start = message.indexOf(first.field);
  return start >= 0 && /^(?:\[|\d+ errors:\n- )?$/.test(message.slice(0, start));
}

/** Of what is at fault: kubectl begins with it, then lists the causes. */
function subjectOf(request: ReviewRequest | undefined): object | undefined {
  return request && { name: request.name ?? '', group: request.kind.group, kind: request.kind.kind };
}
