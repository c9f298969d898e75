import type { Clock } from '../../src/kube/clock.ts';
import type { Machine } from './model.ts';
import type { Random } from './random.ts';
import type { State } from './state.ts';

export type Role = 'view' | 'edit' | 'admin';

/** Who calls. `issuer` and `subject` are empty for HMAC users. */
export interface User {
  readonly name: string;
  readonly email: string;
  readonly tenant: string;
  readonly role: Role;
  readonly issuer: string;
  readonly subject: string;
}

/** How long simulated hardware takes, in milliseconds. 0 is at once, in the same call. */
export interface HardwareTiming {
  /** From allocation (or reinstall) to Phoned Home. */
  readonly provisioningMs: number;
  /** From free to Waiting in the pool. */
  readonly reclaimMs: number;
}

/** What becomes of a machine that is allocated. */
export interface MachineFate {
  /** In milliseconds; the timing's when absent. */
  readonly bootMs?: number | undefined;
  readonly boot: 'phones-home' | 'hangs' | 'crash-loops';
}

/** The machines behind metal-api. */
export interface Hardware {
  /** Undefined for the usual one. */
  fateOf(hostname: string): MachineFate | undefined;
  /** The installed system runs, until the machine is `stopped`. */
  booted(machine: Machine): void;
  stopped(machine: Machine): void;
}

export interface Context {
  readonly state: State;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: HardwareTiming;
  readonly hardware: Hardware;
}

export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON without the members that were null, `{}` when the request had no body. */
  readonly body: unknown;
  readonly user: User | undefined;
}

export interface Route {
  /** operationId in metal-api.json. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** `open` needs no credentials, `any` needs valid ones. */
  readonly role: Role | 'any' | 'open';
  /** Of the answer when `handle` does not throw. */
  readonly status: 200 | 201;
  /** Synchronous: a call takes effect whole or not at all. Throws ApiError. */
  readonly handle: (context: Context, request: ApiRequest) => unknown;
}

/** metal-api answers times as RFC 3339 with milliseconds. */
export function timestamp(context: Context): string {
  return new Date(context.clock.now()).toISOString();
}
