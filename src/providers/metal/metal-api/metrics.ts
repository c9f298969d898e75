import { Counter, Histogram, type Registry } from 'prom-client';
import type { OnCall } from './client.ts';

/** Registers `metal_api_requests_total` and `metal_api_request_duration_seconds`; the result goes to `onCall`. */
export function createMetalApiMetrics(registry: Registry): OnCall {
  const requests = new Counter({
    name: 'metal_api_requests_total',
    help: 'Requests sent to metal-api, by call and outcome.',
    labelNames: ['call', 'outcome'] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'metal_api_request_duration_seconds',
    help: 'Duration of requests to metal-api, by call.',
    labelNames: ['call'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return ({ call, outcome, durationMs }) => {
    requests.inc({ call, outcome });
    duration.observe({ call }, durationMs / 1000);
  };
}
