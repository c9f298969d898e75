/** The `Status` object that the API server answers with; only what is used. */
export interface Status {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

/** An answer of the API server that is not 2xx, or an ERROR event of a watch. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly status: Status;
  /** From the Retry-After header or the Status' details, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: number, status: Status, options: { call?: string; retryAfterMs?: number | undefined } = {}) {
    super(`${options.call ? `${options.call}: ` : ''}${status.message ?? status.reason ?? 'no message'} (${code})`);
    this.code = code;
    this.reason = status.reason ?? '';
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

const hasCode = (error: unknown, code: number): boolean => error instanceof ApiError && error.code === code;

export const isForbidden = (error: unknown): boolean => hasCode(error, 403);

export const isNotFound = (error: unknown): boolean => hasCode(error, 404);
/** 409 because the resourceVersion or a precondition did not match (not: the name is taken). */
export const isConflict = (error: unknown): boolean =>
  hasCode(error, 409) && (error as ApiError).reason !== 'AlreadyExists';
export const isAlreadyExists = (error: unknown): boolean =>
  hasCode(error, 409) && (error as ApiError).reason === 'AlreadyExists';
/** 410, or the reason Expired: the resourceVersion is too old, list again. */
export const isExpired = (error: unknown): boolean =>
  hasCode(error, 410) || (error instanceof ApiError && (error.reason === 'Expired' || error.reason === 'Gone'));

/** One border for what `catch` brings. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
