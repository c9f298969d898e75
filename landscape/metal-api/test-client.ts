import { createHmac } from 'node:crypto';
import type { Clock, Timer } from '../../src/kube/clock.ts';
import type { Role } from './context.ts';
import { type MetalApi, type MetalApiOptions, startMetalApi } from './server.ts';

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface TestApi extends AsyncDisposable {
  readonly api: MetalApi;
  /** One call as `role` (default admin) with a bearer token. Rejects when the connection breaks. */
  call(method: string, path: string, body?: unknown, role?: Role): Promise<Reply>;
}

/** A simulator for one test: hardware takes no time, everything is closed when the test's scope ends. */
export async function startForTest(options: MetalApiOptions = {}): Promise<TestApi> {
  const api = await startMetalApi({ timing: { provisioningMs: 0, reclaimMs: 0 }, ...options });
  return {
    api,
    call: (method, path, body, role = 'admin') =>
      send(`${api.url}${path}`, method, { authorization: `Bearer ${role}-token` }, body),
    [Symbol.asyncDispose]: () => api.close(),
  };
}

export async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Reply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return { status: response.status, body: isJson ? JSON.parse(answer) : answer };
}

/** The three headers of metal-stack's HMAC scheme, as they were made at `at` (RFC 3339). */
export function hmacHeaders(authType: string, key: string, method: string, at: string): Record<string, string> {
  const salt = 'abcdefghijklmnopqrstuvwx';
  const mac = createHmac('sha256', key).update(`${at}${method}${salt}`).digest('hex');
  return { authorization: `${authType} ${mac}`, 'x-date': at, 'x-data-salt': salt };
}

export interface FakeClock extends Clock {
  /** Runs everything that is due within `ms`, in order. */
  advance(ms: number): void;
}

export function fakeClock(start = Date.parse('2026-01-02T03:04:05Z')): FakeClock {
  let elapsed = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    schedule(ms, callback): Timer {
      const timer = { at: elapsed + ms, callback };
      timers.push(timer);
      const cancel = (): void => {
        timers = timers.filter((other) => other !== timer);
      };
      return { cancel };
    },
    advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        elapsed = next.at;
        next.callback();
      }
      elapsed = end;
    },
  };
}
