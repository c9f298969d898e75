import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { destination } from 'pino';
import { charts, createHelm, type Rendered } from '../../../landscape/charts/helm.ts';
import { espalierServer } from '../../../landscape/charts/programs.ts';
import { installRelease, type Release, untilReady } from '../../../landscape/charts/release.ts';
import { startControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { runGardenlet } from '../../../landscape/gardenlet/gardenlet.ts';
import { createOrPatch } from '../../../landscape/gardenlet/merge.ts';
import { configMaps } from '../../../landscape/gardenlet/resources.ts';
import { seedApiServer } from '../../../landscape/gardenlet/shoot-access.ts';
import { defaultFixture, PROJECT } from '../../../landscape/metal-api/fixture.ts';
import { startMetalApi } from '../../../landscape/metal-api/server.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { controlPlanePrograms } from '../../../landscape/pods/program.ts';
import { runPods } from '../../../landscape/pods/run.ts';
import { silentProgress } from '../../../landscape/progress.ts';
import { startControlPlanes } from '../../../landscape/up/control-planes.ts';
import { espalierProgram } from '../../../landscape/up/controllers-process.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { createLogger } from '../../../src/telemetry/log.ts';
import { fillGarden } from '../whole-life/garden.ts';
import { ensureNamespace } from './objects.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/** A release that is installed. */
export interface Installed {
  readonly objects: readonly Rendered[];
  /** What its pods ask for. */
  readonly proxy: RecordingProxy;
}

/** A garden and seed in which Espalier runs as its charts say, with their ServiceAccounts. */
export interface Stage extends AsyncDisposable {
  readonly garden: KubeClient;
  readonly controllers: Installed;
  readonly admission: Installed;
  /** The Seed `second`, which is the same API server: from then on a Shoot without a seed may be bound to either. */
  openSecondSeed(): void;
}

const machineImages = ['24.4.20251104', '24.4.20260114'].map((version) => ({
  name: 'ubuntu',
  version,
  image: `ubuntu-${version}`,
}));

const controllersRelease: Release = {
  chart: charts.controllers,
  namespace: 'extension-provider-metal',
  name: 'gardener-extension-provider-metal',
  values: { image: { repository: 'example.org/espalier' }, config: { machineImages } },
};

const admissionRelease: Release = {
  chart: charts.admission,
  namespace: 'garden',
  name: 'gardener-extension-admission-metal',
  values: { runtime: { image: { repository: 'example.org/admission' } } },
};

const releases = [controllersRelease, admissionRelease];
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
  for (const { namespace } of releases) await ensureNamespace(garden, namespace);
  const seedApi = seedApiServer(server);
  await createOrPatch(garden, configMaps, seedApi.metadata, () => seedApi, AbortSignal.timeout(10_000));

  const helm = createHelm(parts.helm, join(dir, 'helm'), kubeconfig);
  const install = async (release: Release): Promise<Installed & { access: string }> => {
    await installRelease(helm, release);
    const objects = await helm.template(release.chart, release.values, '--namespace', release.namespace);
    const proxy = started.use(await startRecordingProxy(server, plane.ca));
    return { objects, proxy, access: await proxy.redirect(kubeconfig, release.name) };
  };
  const controllers = await install(controllersRelease);
  const admission = await install(admissionRelease);

  const stop = new AbortController();
  const { signal } = stop;
  const file = destination({ dest: join(dir, 'logs', 'gardenlet.log'), mkdir: true, sync: true });
  const log = createLogger({ name: 'gardenlet', level: 'info', format: 'text', destination: file });
  const pods = runPods({
    ...{ kubeconfig, dir, log, signal },
    programs: { 'example.org/espalier': espalierServer(), 'example.org/admission': espalierServer() },
    serves: (name) => releases.some(({ namespace }) => namespace === name),
    access: (namespace) => (namespace === admissionRelease.namespace ? admission.access : controllers.access),
  });
  started.defer(() => {
    stop.abort(new Error('the test is over'));
    return pods;
  });
  const programs = { ...controlPlanePrograms(parts), ...espalierProgram };
  const metalControl = new URL('/_simulator', metalApi.url).href;
  const controlPlanes = await startControlPlanes({ dir, plane, parts, log, programs, metalControl });
  started.defer(() => controlPlanes.stop());
  for (const release of releases) await untilReady(garden, release);
  await fillGarden(garden, { metalApiUrl: metalApi.url, metalApiHmac: 'metal-admin' });
  const gardenlet = { garden, seed: garden, controlPlanes, signal, log, wait: { severeAfterMs: 20_000 } };
  const gardenlets = [runGardenlet(gardenlet)];
  const rest = started.move();
  return {
    ...{ garden, controllers, admission },
    openSecondSeed() {
      gardenlets.push(runGardenlet({ ...gardenlet, seedName: 'second' }));
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('the test is over'));
      await Promise.all(gardenlets);
      await rest.disposeAsync();
    },
  };
}
