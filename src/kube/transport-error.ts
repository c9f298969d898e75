/** No answer, or half an answer: whether the server executed the call is not known. Caused by node's error. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** e.g. `ECONNREFUSED`, `ECONNRESET`, `CONNECT_TIMEOUT`, `DEADLINE`, `IDLE`. */
  readonly code: string;

  constructor(call: string, code: string, message: string, cause?: unknown) {
    super(`${call}: ${message}`, { cause });
    this.code = code;
  }
}

/** Wraps what node threw. Node's errors for a name with several addresses have an empty message but a code. */
export function toTransportError(call: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? code : 'UNKNOWN';
  return new TransportError(call, known, typeof message === 'string' && message ? message : known, error);
}

export function deadlineError(call: string, timeoutMs: number): TransportError {
  return new TransportError(call, 'DEADLINE', `no answer within ${timeoutMs} ms`);
}
