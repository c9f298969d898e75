import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ControllerMetrics, Outcome } from './controller.ts';
import { createQueueMetrics } from './queue-metrics.ts';

/** controller-runtime's and client-go's metrics, under their names and labels, so that existing dashboards fit. */
export interface KubeMetrics {
  /** Once for each controller; its series exist from then on, with 0. */
  controller(name: string): ControllerMetrics;
  /** leader_election_master_status of the Lease `name`. */
  leading(name: string, isLeader: boolean): void;
  /** rest_client_requests_total. `code` is the HTTP status, or `<error>` when there was no answer. */
  request(code: string, method: string, host: string): void;
}

/** In seconds; controller-runtime's. */
const reconcileBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const outcomes: readonly Outcome[] = ['success', 'error', 'requeue', 'requeue_after'];

/** To be called once for a registry. */
export function createKubeMetrics(registry: Registry): KubeMetrics {
  const registers = [registry];
  const byController = { labelNames: ['controller'] as const, registers };
  const total = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciliations per controller and result',
    labelNames: ['controller', 'result'],
    registers,
  });
  const errors = new Counter({
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Reconciliations per controller that failed',
    ...byController,
  });
  const time = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'Seconds per reconciliation',
    buckets: reconcileBuckets,
    ...byController,
  });
  const active = new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Workers per controller that reconcile now',
    ...byController,
  });
  const max = new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Workers per controller',
    ...byController,
  });
  const master = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process leads: 1 leader, 0 follower',
    labelNames: ['name'],
    registers,
  });
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Calls to the API server per status code, method and host',
    labelNames: ['code', 'method', 'host'],
    registers,
  });
  const queue = createQueueMetrics(registry);

  return {
    controller(controller) {
      for (const result of outcomes) total.inc({ controller, result }, 0);
      errors.inc({ controller }, 0);
      active.set({ controller }, 0);
      return {
        queue: queue(controller),
        workers: (count) => max.set({ controller }, count),
        began: () => active.inc({ controller }),
        ended(result, seconds) {
          active.dec({ controller });
          total.inc({ controller, result });
          if (result === 'error') errors.inc({ controller });
          time.observe({ controller }, seconds);
        },
      };
    },
    leading: (name, isLeader) => master.set({ name }, isLeader ? 1 : 0),
    request: (code, method, host) => requests.inc({ code, method, host }),
  };
}
