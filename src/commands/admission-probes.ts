import type { Registry } from 'prom-client';
import { type Check, createChecks } from '../telemetry/health.ts';
import { metricsHandler, serveHttp } from '../telemetry/http.ts';
import type { AdmissionValues } from './admission-settings.ts';

/** Serves metrics and health, each where it has an address; `checks` by name decide on readiness. */
export async function serveProbes(
  values: Pick<AdmissionValues, 'metrics-bind-address' | 'health-bind-address'>,
  registry: Registry,
  checks: Readonly<Record<string, Check>>,
): Promise<{ close(): Promise<void> }> {
  const { 'metrics-bind-address': metrics, 'health-bind-address': health } = values;
  const alive = createChecks('/healthz');
  alive.add('ping', () => undefined);
  const ready = createChecks('/readyz');
  for (const [name, check] of Object.entries(checks)) ready.add(name, check);
  const servers = await Promise.all([
    metrics && serveHttp(metrics, { '/metrics': metricsHandler(registry) }),
    health && serveHttp(health, { '/healthz': alive.handler, '/readyz': ready.handler }),
  ]);
  return {
    async close() {
      await Promise.all(servers.map((server) => server?.close()));
    },
  };
}
