export type MetalApiErrorKind =
  /** The key or token is not accepted. */
  | 'unauthenticated'
  /** It is accepted, but its role does not allow the call. */
  | 'forbidden'
  | 'not-found'
  /** In use, or changed by someone else. */
  | 'conflict'
  | 'invalid'
  /** A quota of the project is reached. */
  | 'quota-exceeded'
  | 'rate-limited'
  /** The pool has no address, prefix or machine left. */
  | 'exhausted'
  /** Not reachable, overloaded, or its own failure. */
  | 'unavailable'
  | 'timeout'
  /** The call may have taken effect, but its answer never came. */
  | 'outcome-unknown'
  | 'bad-answer';

/** A failed call to metal-api. The message names the call and carries metal-api's own text, never credentials. */
export class MetalApiError extends Error {
  override readonly name = 'MetalApiError';
  readonly kind: MetalApiErrorKind;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  readonly call: string;
  /** From a Retry-After header. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: MetalApiErrorKind,
    call: string,
    text: string,
    options: { status?: number | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    const status = options.status === undefined ? '' : ` (${options.status})`;
    super(`metal-api ${call}: ${text}${status}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.call = call;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isMetalApiError(error: unknown, ...kinds: readonly MetalApiErrorKind[]): error is MetalApiError {
  return error instanceof MetalApiError && (kinds.length === 0 || kinds.includes(error.kind));
}
