import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { destination } from 'pino';
import { startControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { runGardenlet } from '../../../landscape/gardenlet/gardenlet.ts';
import { createOrPatch } from '../../../landscape/gardenlet/merge.ts';
import { configMaps } from '../../../landscape/gardenlet/resources.ts';
import { seedApiServer } from '../../../landscape/gardenlet/shoot-access.ts';
import { defaultFixture, PROJECT } from '../../../landscape/metal-api/fixture.ts';
import { startMetalApi } from '../../../landscape/metal-api/server.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { deployments } from '../../../landscape/pods/deployment.ts';
import { controlPlanePrograms, type Program } from '../../../landscape/pods/program.ts';
import { runPods } from '../../../landscape/pods/run.ts';
import { writeServiceAccountKubeconfig } from '../../../landscape/pods/service-account.ts';
import { silentProgress } from '../../../landscape/progress.ts';
import { startControlPlanes } from '../../../landscape/up/control-planes.ts';
import { espalierProgram } from '../../../landscape/up/controllers-process.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { createLogger } from '../../../src/telemetry/log.ts';
import { eventually } from '../../scene/eventually.ts';
import { fillGarden } from '../whole-life/garden.ts';
import { charts, createHelm, type Helm, type Rendered } from './helm.ts';
import { ensureNamespace } from './objects.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

const bundle = fileURLToPath(new URL('../../../dist/main.mjs', import.meta.url));

/** A chart that is installed, and what its pods ask for. */
export interface Installed {
  readonly objects: readonly Rendered[];
  readonly proxy: RecordingProxy;
}

/** A garden and seed in which Espalier runs as its charts say, with their ServiceAccounts. */
export interface Stage extends AsyncDisposable {
  readonly dir: string;
  readonly garden: KubeClient;
  readonly controllers: Installed;
  readonly admission: Installed;
}

const extensionNamespace = 'extension-provider-metal';
const machineImages = ['24.4.20251104', '24.4.20260114'].map((version) => ({
  name: 'ubuntu',
  version,
  image: `ubuntu-${version}`,
}));
const egress = { ipaddress: '203.0.113.10', networkid: 'internet', projectid: PROJECT, type: 'static' } as const;

export async function startStage(dir: string, parts: Parts): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  started.defer(() => rm(dir, { recursive: true, force: true }));
  const plane = started.use(
    await startControlPlane({ dir, parts, progress: silentProgress, shoot: true, gardener: true, workloads: true }),
  );
  const { kubeconfig, server } = plane.garden;
  const metalApi = await startMetalApi({
    fixture: { ...defaultFixture(), ips: [{ ...egress, name: 'egress of the example' }] },
    timing: { provisioningMs: 0, reclaimMs: 0 },
  });
  started.defer(() => metalApi.close());
  const garden = createKubeClient({ kubeconfig });
  started.defer(() => garden.close());
  for (const name of ['garden', extensionNamespace]) await ensureNamespace(garden, name);
  const seedApi = seedApiServer(server);
  await createOrPatch(garden, configMaps, seedApi.metadata, () => seedApi, AbortSignal.timeout(10_000));

  const place: Place = { helm: createHelm(parts.helm, join(dir, 'helm'), kubeconfig), garden, kubeconfig, server, dir };
  const controllers = await install({ ...place, ca: plane.ca }, started, {
    chart: charts.controllers,
    namespace: extensionNamespace,
    account: 'gardener-extension-provider-metal',
    values: { image: { repository: 'example.org/espalier' }, config: { machineImages } },
  });
  const admission = await install({ ...place, ca: plane.ca }, started, {
    chart: charts.admission,
    namespace: 'garden',
    account: 'gardener-extension-admission-metal',
    values: { runtime: { image: { repository: 'example.org/admission' } } },
  });
  const stop = new AbortController();
  const { signal } = stop;
  const file = destination({ dest: join(dir, 'logs', 'gardenlet.log'), mkdir: true, sync: true });
  const log = createLogger({ name: 'gardenlet', level: 'info', format: 'text', destination: file });
  const own = {
    'example.org/espalier': espalier(controllers.access),
    // gardener-apiserver, which calls it as well, has no way to Services here.
    'example.org/admission': espalier(admission.access, (port) => [
      '--webhook-config-mode=url',
      `--webhook-config-url=127.0.0.1:${port}`,
    ]),
  };
  const pods = runPods({
    ...{ kubeconfig, dir, log, signal, programs: own },
    serves: (namespace) => namespace === 'garden' || namespace === extensionNamespace,
  });
  const programs = { ...controlPlanePrograms(parts), ...espalierProgram };
  const metalControl = new URL('/_simulator', metalApi.url).href;
  const controlPlanes = await startControlPlanes({ dir, plane, parts, log, programs, metalControl });
  for (const [namespace, name] of [
    [extensionNamespace, 'gardener-extension-provider-metal'],
    ['garden', 'gardener-extension-admission-metal'],
  ] as const) {
    await eventually(async () => {
      const { status } = await garden.get(deployments, { namespace, name });
      if (!status?.availableReplicas) throw new Error(`${name} does not become ready; logs are in ${dir}/logs`);
    }, 60_000);
  }
  await fillGarden(garden, { metalApiUrl: metalApi.url, metalApiHmac: 'metal-admin' });
  const gardenlet = runGardenlet({ garden, seed: garden, controlPlanes, signal, log, wait: { severeAfterMs: 20_000 } });
  started.defer(async () => {
    stop.abort(new Error('the test is over'));
    await Promise.all([gardenlet, pods]);
    await controlPlanes.stop();
  });
  const rest = started.move();
  return { dir, garden, controllers, admission, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

interface Place {
  readonly helm: Helm;
  readonly garden: KubeClient;
  readonly kubeconfig: string;
  readonly server: string;
  readonly dir: string;
}

interface Release {
  readonly chart: string;
  readonly namespace: string;
  readonly account: string;
  readonly values: object;
}

/** `access`: path of a kubeconfig of the chart's ServiceAccount, by way of the proxy. */
async function install(
  { helm, garden, kubeconfig, server, dir, ca }: Place & { readonly ca: string },
  started: AsyncDisposableStack,
  { chart, namespace, account, values }: Release,
): Promise<Installed & { readonly access: string }> {
  const given = await helm.values(values);
  await helm.run('install', account, chart, '--namespace', namespace, ...given);
  const objects = await helm.template(chart, values, '--namespace', namespace);
  const proxy = started.use(await startRecordingProxy(server, ca));
  await mkdir(join(dir, 'access'), { recursive: true });
  const access = join(dir, 'access', account);
  const key = { namespace, name: account };
  const signal = AbortSignal.timeout(10_000);
  await writeServiceAccountKubeconfig(garden, key, { admin: kubeconfig, path: access, signal });
  await proxy.redirect(access, access);
  return { objects, proxy, access };
}

/** With the chart's own flags, but for ports of this machine. */
const espalier = (kubeconfig: string, atWebhooks: (port: number) => readonly string[] = () => []): Program => ({
  command: [process.execPath, bundle],
  env: { KUBECONFIG: kubeconfig },
  args: ['--webhook-config-server-host=127.0.0.1'],
  ports: {
    10250: (port) => ({ args: [`--webhook-config-server-port=${port}`, ...atWebhooks(port)] }),
    8080: (port) => ({ args: [`--metrics-bind-address=127.0.0.1:${port}`] }),
    8081: (port) => ({ args: [`--health-bind-address=127.0.0.1:${port}`] }),
  },
});
