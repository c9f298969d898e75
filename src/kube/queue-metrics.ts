import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { QueueGauges, QueueMetrics } from './queue.ts';

/** In seconds: 10 ns to 1000 s by tens, client-go's. */
const buckets = Array.from({ length: 12 }, (_, index) => 10 ** (index - 8));

/** client-go's workqueue_* metrics; returns what makes those of one controller's queue. To be called once for a registry. */
export function createQueueMetrics(registry: Registry): (controller: string) => QueueMetrics {
  const queues = new Map<string, QueueGauges>();
  const labelled = { labelNames: ['name', 'controller'] as const, registers: [registry] };
  const gauge = (name: string, help: string, read: (queue: QueueGauges) => number) =>
    new Gauge({
      name,
      help,
      ...labelled,
      collect() {
        for (const [controller, queue] of queues) this.set({ name: controller, controller }, read(queue));
      },
    });

  gauge('workqueue_depth', 'Keys that wait', (queue) => queue.length);
  gauge('workqueue_unfinished_work_seconds', 'Seconds of work on keys not done yet', (queue) =>
    queue.working().reduce((sum, seconds) => sum + seconds, 0),
  );
  gauge('workqueue_longest_running_processor_seconds', 'Seconds of the longest work not done yet', (queue) =>
    Math.max(0, ...queue.working()),
  );
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys added', ...labelled });
  const retries = new Counter({ name: 'workqueue_retries_total', help: 'Keys added after a failure', ...labelled });
  const waiting = new Histogram({
    name: 'workqueue_queue_duration_seconds',
    help: 'Seconds a key waited',
    buckets,
    ...labelled,
  });
  const working = new Histogram({
    name: 'workqueue_work_duration_seconds',
    help: 'Seconds of work on a key',
    buckets,
    ...labelled,
  });

  return (controller) => {
    const labels = { name: controller, controller };
    adds.inc(labels, 0);
    retries.inc(labels, 0);
    return {
      watch: (queue) => void queues.set(controller, queue),
      added: () => adds.inc(labels),
      retried: () => retries.inc(labels),
      taken: (waited) => waiting.observe(labels, waited),
      finished: (worked) => working.observe(labels, worked),
    };
  };
}
