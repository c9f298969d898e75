import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createController } from './controller.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeLog } from './fake-log.ts';
import { createKubeMetrics } from './metrics.ts';

/** Samples of the exposition text, without the buckets of histograms. */
async function samples(registry: Registry): Promise<Record<string, number>> {
  const lines = (await registry.metrics())
    .split('\n')
    .filter((line) => line && !line.startsWith('#') && !line.includes('_bucket'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

it('counts what a controller does under the names that dashboards know', async () => {
  const registry = new Registry();
  const metrics = createKubeMetrics(registry);
  const clock = createFakeClock();
  const stop = new AbortController();
  let runs = 0;
  const controller = createController({
    name: 'infra',
    workers: 2,
    deadlineMs: 60_000,
    clock,
    random: () => 0,
    log: createFakeLog(),
    metrics: metrics.controller('infra'),
    async reconcile(key) {
      runs += 1;
      if (key === 'slow') await new Promise<void>((resolve) => void clock.schedule(3000, resolve));
      if (key === 'bad' && runs < 4) throw new Error('no');
      return key === 'again' ? { requeueAfterMs: 60_000 } : undefined;
    },
  });
  metrics.controller('idle');
  metrics.leading('lock', true);
  metrics.request('200', 'GET', 'api:443');
  for (const key of ['slow', 'bad', 'again']) controller.enqueue(key);
  expect(await samples(registry)).toMatchObject({ 'workqueue_depth{name="infra",controller="infra"}': 3 });
  const end = controller.run(stop.signal);
  await clock.run(2000);
  const labels = '{name="infra",controller="infra"}';
  expect(await samples(registry)).toMatchObject({
    'controller_runtime_reconcile_total{controller="infra",result="success"}': 1,
    'controller_runtime_reconcile_total{controller="infra",result="error"}': 1,
    'controller_runtime_reconcile_total{controller="infra",result="requeue_after"}': 1,
    'controller_runtime_reconcile_total{controller="infra",result="requeue"}': 0,
    'controller_runtime_reconcile_total{controller="idle",result="error"}': 0,
    'controller_runtime_reconcile_errors_total{controller="infra"}': 1,
    'controller_runtime_reconcile_time_seconds_count{controller="infra"}': 3,
    'controller_runtime_active_workers{controller="infra"}': 1,
    'controller_runtime_max_concurrent_reconciles{controller="infra"}': 2,
    [`workqueue_depth${labels}`]: 0,
    [`workqueue_adds_total${labels}`]: 4,
    [`workqueue_retries_total${labels}`]: 1,
    [`workqueue_queue_duration_seconds_count${labels}`]: 4,
    [`workqueue_work_duration_seconds_count${labels}`]: 3,
    [`workqueue_unfinished_work_seconds${labels}`]: 2,
    [`workqueue_longest_running_processor_seconds${labels}`]: 2,
    'leader_election_master_status{name="lock"}': 1,
    'rest_client_requests_total{code="200",method="GET",host="api:443"}': 1,
  });
  stop.abort();
  await clock.run(3000);
  await end;
  expect(await samples(registry)).toMatchObject({
    'controller_runtime_active_workers{controller="infra"}': 0,
    [`workqueue_unfinished_work_seconds${labels}`]: 0,
  });
});
