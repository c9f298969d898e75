import type { Role } from '../context.ts';

export interface Call {
  /** Counts from 1; never restarts, also not when the log is cleared. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly time: string;
  readonly method: string;
  /** Without base path and query. */
  readonly path: string;
  /** operationId of metal-api.json, empty for an unknown path. */
  readonly operation: string;
  /** 0 when the caller got no answer. */
  readonly status: number;
  /** Of the request's body or of the object that was answered. */
  readonly project: string | undefined;
  /** True when the call was a write that succeeded, also when its answer was lost. */
  readonly effect: boolean;
  readonly role: Role | undefined;
  readonly fault: 'error' | 'lost' | 'reset' | 'hang' | undefined;
  /** Milliseconds from the request's last byte to the answer, injected latency included. */
  readonly durationMs: number;
}

const LIMIT = 200_000;

/** Who called what. Holds no credentials, no bodies and no headers. */
export class CallLog {
  #calls: Call[] = [];
  #sequence = 0;

  /** Sequence number of the newest call: what to give to `since` later. */
  get last(): number {
    return this.#sequence;
  }

  add(call: Omit<Call, 'sequence'>): void {
    this.#sequence += 1;
    this.#calls.push({ sequence: this.#sequence, ...call });
    if (this.#calls.length > LIMIT) this.#calls = this.#calls.slice(LIMIT / 2);
  }

  /** Calls after `sequence`, oldest first. */
  since(sequence = 0): Call[] {
    const first = this.#calls[0];
    return first ? this.#calls.slice(Math.max(0, sequence - first.sequence + 1)) : [];
  }

  clear(): void {
    this.#calls = [];
  }
}
