import { Counter, Histogram, type Registry } from 'prom-client';
import type { DriverMetrics } from './observed-driver.ts';

/** Of the calls of the driver of `provider`. To be called once for a registry. */
export function createDriverMetrics(registry: Registry, provider: string): DriverMetrics {
  const registers = [registry];
  const duration = new Histogram({
    name: 'mcm_cloud_api_driver_request_duration_seconds',
    help: 'Seconds of a call of the driver',
    labelNames: ['provider', 'operation'],
    registers,
  });
  const failures = new Counter({
    name: 'mcm_cloud_api_driver_requests_failed_total',
    help: 'Calls of the driver that failed',
    labelNames: ['provider', 'operation', 'error_code'],
    registers,
  });
  const requests = new Counter({
    name: 'mcm_cloud_api_requests_total',
    help: 'Calls to the provider, by service',
    labelNames: ['provider', 'service'],
    registers,
  });
  const failed = new Counter({
    name: 'mcm_cloud_api_requests_failed_total',
    help: 'Calls to the provider that failed, by service',
    labelNames: ['provider', 'service'],
    registers,
  });
  return {
    called(operation, seconds) {
      duration.observe({ provider, operation }, seconds);
      requests.inc({ provider, service: operation });
    },
    failed(operation, code) {
      failures.inc({ provider, operation, error_code: code });
      failed.inc({ provider, service: operation });
    },
  };
}
