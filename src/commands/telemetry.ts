import type { Registry } from 'prom-client';
import type { Address } from '../telemetry/address.ts';
import { type Check, createChecks } from '../telemetry/health.ts';
import { metricsHandler, type Routes, serveHttp } from '../telemetry/http.ts';

interface Synced {
  readonly hasSynced: boolean;
}

/** A replica is ready when its caches are filled, whether it leads or stands by, and all `checks` by name are well. */
export function probesOf(informers: readonly Synced[], checks: Readonly<Record<string, Check>> = {}): Routes {
  const alive = createChecks('/healthz');
  alive.add('ping', () => undefined);
  const ready = createChecks('/readyz');
  ready.add('informer-sync', () => {
    if (!informers.every((informer) => informer.hasSynced)) throw new Error('caches are not filled yet');
  });
  for (const [name, check] of Object.entries(checks)) ready.add(name, check);
  return { '/healthz': alive.handler, '/readyz': ready.handler };
}

/** Serves metrics and health, each where it has an address. */
export async function serveTelemetry(
  addresses: { readonly metrics: Address | undefined; readonly health: Address | undefined },
  registry: Registry,
  informers: readonly Synced[],
  checks: Readonly<Record<string, Check>>,
): Promise<{ close(): Promise<void> }> {
  const servers = await Promise.all([
    addresses.metrics && serveHttp(addresses.metrics, { '/metrics': metricsHandler(registry) }),
    addresses.health && serveHttp(addresses.health, probesOf(informers, checks)),
  ]);
  return {
    async close() {
      await Promise.all(servers.map((server) => server?.close()));
    },
  };
}
