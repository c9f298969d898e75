import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { destination } from 'pino';
import type { Rendered } from '../../../landscape/charts/helm.ts';
import { bundle, espalierMachineController, espalierServer } from '../../../landscape/charts/programs.ts';
import type { Release } from '../../../landscape/charts/release.ts';
import { type Espalier, espalierReleases } from '../../../landscape/charts/releases.ts';
import { type RunningCharts, runCharts } from '../../../landscape/charts/run.ts';
import { startControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { ensureNamespace } from '../../../landscape/garden/content.ts';
import { runGardenlet } from '../../../landscape/gardenlet/gardenlet.ts';
import { createOrPatch } from '../../../landscape/gardenlet/merge.ts';
import { configMaps } from '../../../landscape/gardenlet/resources.ts';
import { seedApiServer } from '../../../landscape/gardenlet/shoot-access.ts';
import { defaultFixture, PROJECT } from '../../../landscape/metal-api/fixture.ts';
import { type MetalApi, startMetalApi } from '../../../landscape/metal-api/server.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { controlPlanePrograms, type Program, type Programs } from '../../../landscape/pods/program.ts';
import { silentProgress } from '../../../landscape/progress.ts';
import { startControlPlanes } from '../../../landscape/up/control-planes.ts';
import { all } from '../../../src/kube/all.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { createLogger } from '../../../src/telemetry/log.ts';
import { fillGarden } from '../whole-life/garden.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/** A release that is installed. */
interface Installed {
  readonly objects: readonly Rendered[];
  /** What its pods ask for. */
  readonly proxy: RecordingProxy;
}

/** A garden and seed in which Espalier runs as its charts say, with their ServiceAccounts. */
export interface Stage extends AsyncDisposable {
  readonly garden: KubeClient;
  readonly metalApi: MetalApi;
  readonly charts: RunningCharts;
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

/** The charts, for the build with this tag. */
export const releasesOf = (tag: string): Espalier => espalierReleases({ machineImages }, tag);
const egress = { ipaddress: '203.0.113.10', networkid: 'internet', projectid: PROJECT, type: 'static' } as const;

/** Tags of images, and bundles in their place. */
export type Builds = Readonly<Record<string, string>>;

const programsOf = (builds: Builds, program: (main: string) => Program): Programs =>
  Object.fromEntries(Object.entries(builds).map(([tag, main]) => [`espalier:${tag}`, program(main)]));

/** With the first of the builds. */
export async function startStage(dir: string, parts: Parts, builds: Builds = { dev: bundle }): Promise<Stage> {
  const releases = releasesOf(Object.keys(builds)[0] ?? '');
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
  const seedApi = seedApiServer(server);
  await ensureNamespace(garden, seedApi.metadata.namespace ?? '', AbortSignal.timeout(10_000));
  await createOrPatch(garden, configMaps, seedApi.metadata, () => seedApi, AbortSignal.timeout(10_000));

  const file = destination({ dest: join(dir, 'logs', 'gardenlet.log'), mkdir: true, sync: true });
  const log = createLogger({ name: 'gardenlet', level: 'info', format: 'text', destination: file });
  const record = async ({ name }: Release) => {
    const proxy = started.use(await startRecordingProxy(server, plane.ca));
    return { proxy, access: await proxy.redirect(kubeconfig, name) };
  };
  const recorded = { admission: await record(releases.admission), controllers: await record(releases.controllers) };
  const charts = runCharts({
    ...{ helm: parts.helm, client: garden, kubeconfig, dir, log, progress: silentProgress },
    programs: programsOf(builds, espalierServer),
    access: (name) => recorded[name === releases.admission.namespace ? 'admission' : 'controllers'].access,
  });
  started.defer(() => charts.stop());
  const programs = { ...controlPlanePrograms(parts), ...programsOf(builds, espalierMachineController) };
  const metalControl = new URL('/_simulator', metalApi.url).href;
  const controlPlanes = await startControlPlanes({ dir, plane, parts, log, programs, metalControl });
  started.defer(() => controlPlanes.stop());
  const install = async (which: keyof typeof releases): Promise<Installed> => {
    const { chart, namespace, values } = releases[which];
    await charts.install(releases[which], AbortSignal.timeout(60_000));
    const objects = await charts.helm.template(chart, values, '--namespace', namespace);
    return { objects, proxy: recorded[which].proxy };
  };
  const [controllers, admission] = await all([install('controllers'), install('admission')]);
  await fillGarden(garden, { metalApiUrl: metalApi.url, metalApiHmac: 'metal-admin' });
  const stop = new AbortController();
  const { signal } = stop;
  const gardenlet = { garden, seed: garden, controlPlanes, signal, log, wait: { severeAfterMs: 20_000 } };
  const gardenlets = [runGardenlet(gardenlet)];
  const rest = started.move();
  return {
    ...{ garden, metalApi, charts, controllers, admission },
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
