import type { Clock } from '../../../kube/clock.ts';
import { fingerprint, type MetalApiCredentials, type RandomInt, secureRandomInt } from './auth.ts';
import { createMetalApi, type MetalApi, type OnCall } from './client.ts';
import { createGuard, type Guard, type ResilienceOptions } from './resilience.ts';
import { createRoutes } from './routes.ts';

export interface MetalApiRegistryOptions extends ResilienceOptions {
  readonly clock: Clock;
  readonly random?: RandomInt | undefined;
  readonly userAgent?: string | undefined;
  /** Deadline of one attempt. */
  readonly timeoutMs?: number | undefined;
  readonly onCall?: OnCall | undefined;
  /** Guards kept at most; the ones unused for longest go first, never one in use. */
  readonly maxEntries?: number | undefined;
  /** A guard unused for so long is forgotten. */
  readonly idleMs?: number | undefined;
}

/** Clients of metal-api that share, by endpoint and credential, connections, concurrency limit and circuit breaker. */
export interface MetalApiRegistry {
  client(endpoint: string, credentials: MetalApiCredentials): MetalApi;
  readonly size: number;
  /** Closes the connections as soon as running calls are done. */
  close(): Promise<void>;
}

interface Entry {
  readonly guard: Guard;
  readonly client: MetalApi;
  usedAt: number;
}

export function createMetalApiRegistry(options: MetalApiRegistryOptions): MetalApiRegistry {
  const { clock } = options;
  const maxEntries = options.maxEntries ?? 1_000;
  const idleMs = options.idleMs ?? 10 * 60_000;
  const routes = createRoutes(options.concurrency ?? 32, process.env);
  /** In the order of use: the first is unused for longest. */
  const entries = new Map<string, Entry>();

  const evict = () => {
    for (const [key, entry] of entries) {
      const idle = clock.monotonic() - entry.usedAt > idleMs;
      if (!idle && entries.size <= maxEntries) return;
      if (entry.guard.busy === 0) entries.delete(key);
    }
  };
  const create = (endpoint: string, credentials: MetalApiCredentials): Entry => {
    const guard = createGuard(options);
    const client = createMetalApi({
      endpoint,
      credentials,
      routes,
      guard,
      clock,
      random: options.random ?? secureRandomInt,
      userAgent: options.userAgent ?? 'espalier',
      timeoutMs: options.timeoutMs ?? 10_000,
      onCall: options.onCall,
    });
    return { guard, client, usedAt: clock.monotonic() };
  };

  return {
    get size() {
      return entries.size;
    },
    client(endpoint, credentials) {
      const key = `${endpoint} ${fingerprint(credentials)}`;
      const entry = entries.get(key) ?? create(endpoint, credentials);
      entry.usedAt = clock.monotonic();
      entries.delete(key);
      entries.set(key, entry);
      evict();
      return entry.client;
    },
    close: () => routes.close(),
  };
}
