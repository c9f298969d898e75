import { ApiError, type Status } from './errors.ts';

/** What came back, read whole. */
export interface Answer {
  readonly code: number;
  readonly contentType: string;
  /** The Retry-After header. */
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/**
 * The error that an answer means. For a `secret` (of the resource `secrets`) the server's words are left out where
 * they may quote what was sent; the fields' paths stay.
 */
export function apiErrorOf(answer: Answer, call: string, secret: boolean): ApiError {
  const status = statusOf(answer);
  const shown = secret && (answer.code === 400 || answer.code === 422) ? withoutValues(status) : status;
  return new ApiError(answer.code, shown, { call, retryAfterMs: retryAfterOf(answer.retryAfter, status) });
}

function statusOf(answer: Answer): Status {
  if (answer.contentType.includes('json')) {
    try {
      const body: unknown = JSON.parse(answer.text);
      if (isStatus(body)) return body;
    } catch {
      // Not what it says it is: a proxy's page, or cut off.
    }
  }
  const plain = answer.contentType.startsWith('text/plain') ? answer.text.trim() : '';
  return { message: plain.length > 0 && plain.length <= 200 ? plain : 'the answer is not a Status' };
}

function isStatus(body: unknown): body is Status {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status';
}

function withoutValues(status: Status): Status {
  const causes = (status.details?.causes ?? []).map(({ reason, field }) => ({
    ...(reason ? { reason } : {}),
    ...(field ? { field } : {}),
  }));
  const fields = causes.map(({ field, reason }) => `${field ?? '?'} (${reason ?? '?'})`).join(', ');
  return {
    ...(status.reason ? { reason: status.reason } : {}),
    message: `${status.reason ?? 'refused'}${fields ? `: ${fields}` : ''}`,
    details: { causes },
  };
}

function retryAfterOf(header: string | undefined, status: Status): number | undefined {
  const seconds = header === undefined ? Number.NaN : Number(header);
  if (seconds >= 0) return seconds * 1000;
  const inBody = status.details?.retryAfterSeconds;
  return inBody === undefined ? undefined : inBody * 1000;
}
