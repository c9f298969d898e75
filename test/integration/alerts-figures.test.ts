import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createHelm } from '../../landscape/charts/helm.ts';
import { startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { applyGardenContent } from '../../landscape/garden/content.ts';
import { namespaces } from '../../landscape/gardenlet/resources.ts';
import { startMetalApi } from '../../landscape/metal-api/server.ts';
import { freePort } from '../../landscape/processes/ports.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { machines } from '../../src/apis/machine/machine.ts';
import { all } from '../../src/kube/all.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { startControllers } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { startMachineController } from '../scene/machine-controller-process.ts';
import { createMetalClasses } from '../scene/metal-class.ts';
import { metalShoot } from '../scene/metal-shoot.ts';
import { controlPlanes } from '../scene/seed-objects.ts';
import { createShoot } from '../scene/shoot.ts';
import { startAdmission } from './admission-process.ts';
import { expressionsIn } from './alerts/dashboards.ts';
import { figuresIn, missing, readExposition } from './alerts/expressions.ts';
import { type Monitored, readMonitored } from './alerts/monitored.ts';
import { createNamespace } from './kube-kit.ts';
import { machineOf } from './machine-stage.ts';

/** Every figure that an alert or a dashboard asks for is shown by a process that has seen some work and some trouble. */

interface Process {
  metrics(): Promise<string>;
}

const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

let monitored: Monitored;
let processes: Readonly<Record<string, Process>>;

beforeAll(async () => {
  const dir = join(inject('landscapeDir'), 'figures');
  const parts = inject('parts');
  const plane = started.use(
    await startControlPlane({ dir, parts, progress: silentProgress, shoot: true, gardener: true }),
  );
  const { kubeconfig } = plane.garden;
  monitored = await readMonitored(createHelm(parts.helm, join(dir, 'helm'), kubeconfig));
  const client = createKubeClient({ kubeconfig });
  started.defer(() => client.close());
  const knobs = { next: [{ pattern: 'POST /v1/machine/allocate', times: 1, status: 500, message: 'no' }] };
  const metalApi = await startMetalApi({ knobs });
  started.defer(() => metalApi.close());
  const namespace = await createNamespace(client, 'machines');
  await createMetalClasses(client, metalApi, { namespace, clusterID: 'figures', names: ['metal'] });

  const port = await freePort();
  const webhooks = [
    '--webhook-config-server-host=127.0.0.1',
    `--webhook-config-server-port=${port}`,
    '--webhook-config-mode=url',
    `--webhook-config-url=127.0.0.1:${port}`,
    '--webhook-config-namespace=default',
  ];
  const target = plane.shoot?.kubeconfig ?? '';
  const stopped = async <T extends AsyncDisposable>(starting: Promise<T>): Promise<T> => started.use(await starting);
  const [controllers, admission, machineController] = await all([
    stopped(startControllers({ dir, kubeconfig, flags: webhooks })),
    stopped(startAdmission({ dir, kubeconfig, namespace: 'default', name: 'admission' })),
    stopped(startMachineController({ dir, control: kubeconfig, target, namespace })),
  ]);
  processes = {
    'provider-metal': controllers,
    'admission-metal': admission,
    'machine-controller-manager': machineController,
  };

  const values = { metalApiUrl: metalApi.url, metalApiHmac: 'metal-admin' };
  await applyGardenContent(client, values, AbortSignal.timeout(30_000));
  const shoot = await createShoot(client, metalShoot({ endpoint: metalApi.url, hmac: 'not-the-key' }));
  const secretRef = { namespace: shoot.namespace, name: 'cloudprovider' };
  const spec = { type: 'metal', region: 'local', secretRef };
  await client.create(controlPlanes, { metadata: shoot.key, spec });
  const labels = { 'shoot.gardener.cloud/provider': 'metal' };
  await client.mergePatch(namespaces, { name: shoot.namespace }, { metadata: { labels } });
  // The API server hears of webhooks a moment later.
  await eventually(async () => {
    await client.create(infrastructures, { metadata: { ...shoot.key, name: 'reviewed' }, spec }, { dryRun: true });
    expect(await controllers.metrics()).toContain('webhook_latency_seconds_bucket');
  });
  await client.create(machines, machineOf(namespace, 'first', 'metal'));
});

describe.each(['provider-metal', 'admission-metal', 'machine-controller-manager'])('%s', (job) => {
  test('shows what is asked of it', async () => {
    const expressions = [
      ...monitored.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
      ...monitored.dashboards.flatMap(expressionsIn),
    ].filter((expression) => expression.includes(`job="${job}"`));
    const figures = expressions.flatMap(figuresIn);
    expect(figures.length).toBeGreaterThan(3);
    await eventually(async () => {
      const text = (await processes[job]?.metrics()) ?? '';
      expect(missing(figures, readExposition(text))).toEqual([]);
    });
  });
});

test('times are in seconds, and those of now', async () => {
  const text = (await processes['provider-metal']?.metrics()) ?? '';
  const fromNow = (metric: string) => Number(new RegExp(`^${metric} (.+)$`, 'm').exec(text)?.[1]) - Date.now() / 1000;
  expect(Math.abs(fromNow('extension_heartbeat_renew_timestamp_seconds'))).toBeLessThan(60);
  const days = fromNow('webhook_certificate_expiration_timestamp_seconds') / 86_400;
  expect(Math.round(days)).toBe(10);
});

test('what is not shown would be named', () => {
  const figures = figuresIn(
    'sum by (code) (rate(calls_total{job="x",outcome="y"}[5m])) / on (call) other{job="x"} > 1',
  );
  const exposition = readExposition('# TYPE calls_total counter\ncalls_total{code="a b\\"",call="c"} 1e+3\n');
  expect(missing(figures, exposition)).toEqual(['calls_total{outcome}', 'other']);
  expect(() => figuresIn('rate(calls_total[5m])')).toThrow('write calls_total with braces');
});
