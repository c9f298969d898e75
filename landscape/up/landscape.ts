import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { destination } from 'pino';
import { all } from '../../src/kube/all.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { espalierMachineController, espalierServer } from '../charts/programs.ts';
import { type Espalier, espalierReleases } from '../charts/releases.ts';
import { type RunningCharts, runCharts } from '../charts/run.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { applyGardenContent } from '../garden/content.ts';
import { examplePath } from '../garden/manifests.ts';
import { runGardenlet } from '../gardenlet/gardenlet.ts';
import { createOrPatch } from '../gardenlet/merge.ts';
import type { GardenletEvent } from '../gardenlet/progress.ts';
import { configMaps } from '../gardenlet/resources.ts';
import { type ControlPlanes, seedApiServer } from '../gardenlet/shoot-access.ts';
import { ensureParts } from '../parts/ensure.ts';
import { controlPlanePrograms } from '../pods/program.ts';
import { inStep, type Progress } from '../progress.ts';
import { startControlPlanes } from './control-planes.ts';
import { type MetalApiProcess, startMetalApiProcess } from './metal-api-process.ts';

export interface LandscapeOptions {
  readonly dir: string;
  readonly progress: Progress;
  /** Ends the start, and everything that runs by itself afterwards. */
  readonly signal: AbortSignal;
  readonly onShoot: (event: GardenletEvent) => void;
}

export interface Landscape {
  readonly dir: string;
  readonly plane: ControlPlane;
  readonly metalApi: MetalApiProcess;
  readonly espalier: Espalier;
  /** Path of the program. */
  readonly kubectl: string;
  /** Admin of garden and seed. */
  readonly client: ClosableKubeClient;
  /** Admin of the shoot. */
  readonly shoot: ClosableKubeClient;
  /** Aborted when a part that cannot be brought back has ended. */
  readonly failure: AbortSignal;
  stop(): Promise<void>;
}

/** An error that the extension reports ends an operation after this time; Gardener waits three minutes for a person. */
const severeAfterMs = 30_000;

type Stop = () => Promise<unknown>;

/** Starts a whole Gardener landscape, without Shoots. Nothing is left running when it rejects. */
export async function startLandscape(options: LandscapeOptions): Promise<Landscape> {
  const stops: Stop[] = [];
  const stop = async (): Promise<void> => {
    for (let last = stops.pop(); last; last = stops.pop()) await last();
  };
  try {
    return { ...(await start(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: LandscapeOptions, stops: Stop[]): Promise<Omit<Landscape, 'stop'>> {
  const { dir, progress, signal } = options;
  const parts = await ensureParts({ progress, signal });
  const plane = await startControlPlane({
    ...{ dir, parts, progress, signal },
    shoot: true,
    gardener: true,
    workloads: true,
  });
  stops.push(() => plane.stop());
  await link(dir, 'kubectl', parts.kubectl);
  await link(dir, 'helm', parts.helm);
  const client = createKubeClient({ kubeconfig: plane.garden.kubeconfig, userAgent: 'gardenlet' });
  stops.push(() => client.close());
  const shoot = createKubeClient({ kubeconfig: plane.shoot?.kubeconfig });
  stops.push(() => shoot.close());
  const log = landscapeLog(dir);
  const charts = runEspalier(options, { plane, helm: parts.helm, client, log });
  stops.push(() => charts.stop());
  const espalier = espalierReleases(await controllersConfig());
  // What fails waits for the others: they may have something to stop.
  const [metalApi] = await all([
    inStep(progress, 'metal-api', () => startMetalApiProcess(dir, signal)).then((started) => {
      stops.push(() => started.process.stop());
      return started;
    }),
    charts.install(espalier.admission, signal),
    charts.install(espalier.controllers, signal),
  ]);
  await inStep(progress, 'garden content', () => fill(client, { metalApi, plane }, signal));
  const controlPlanes = await inStep(progress, 'gardener-resource-manager', () =>
    startControlPlanes({
      ...{ dir, plane, parts, log, signal, metalControl: metalApi.control },
      programs: { ...controlPlanePrograms(parts), espalier: espalierMachineController() },
    }),
  );
  stops.push(() => controlPlanes.stop());
  stops.push(startGardenlet(options, { client, controlPlanes, log }));
  return {
    ...{ dir, plane, metalApi, espalier, client, shoot },
    kubectl: parts.kubectl,
    failure: AbortSignal.any([plane.failure, metalApi.process.failure]),
  };
}

async function fill(
  client: ClosableKubeClient,
  { metalApi, plane }: { readonly metalApi: MetalApiProcess; readonly plane: ControlPlane },
  signal: AbortSignal,
): Promise<void> {
  await applyGardenContent(client, { metalApiUrl: metalApi.url, metalApiHmac: metalApi.hmac }, signal);
  const seedApi = seedApiServer(plane.garden.server);
  await createOrPatch(client, configMaps, seedApi.metadata, () => seedApi, signal);
}

/** Before there is anything in the garden: what the operator writes is reviewed as well. */
function runEspalier(
  { dir, progress }: LandscapeOptions,
  given: {
    readonly plane: ControlPlane;
    readonly helm: string;
    readonly client: ClosableKubeClient;
    readonly log: Logger;
  },
): RunningCharts {
  const { plane, ...rest } = given;
  const { kubeconfig } = plane.garden;
  return runCharts({ ...rest, dir, progress, kubeconfig, programs: { espalier: espalierServer() } });
}

/** example/controllers.yaml, without what the chart itself puts before it. */
async function controllersConfig(): Promise<object> {
  const content = load(await readFile(examplePath('controllers.yaml'), 'utf8')) as Record<string, unknown>;
  const { apiVersion, kind, ...fields } = content;
  return fields;
}

function landscapeLog(dir: string): Logger {
  return createLogger({
    name: 'gardenlet',
    level: 'info',
    format: 'text',
    destination: destination({ dest: join(dir, 'logs', 'gardenlet.log'), mkdir: true, sync: true }),
  });
}

function startGardenlet(
  { onShoot }: LandscapeOptions,
  given: { readonly client: ClosableKubeClient; readonly controlPlanes: ControlPlanes; readonly log: Logger },
): Stop {
  const { client, controlPlanes, log } = given;
  const stop = new AbortController();
  const ended = runGardenlet({
    ...{ garden: client, seed: client, controlPlanes, signal: stop.signal, log, onProgress: onShoot },
    wait: { severeAfterMs },
  });
  return () => {
    stop.abort(new Error('the landscape stops'));
    return ended;
  };
}

/** So that the commands shown to the user are short. */
async function link(dir: string, name: string, program: string): Promise<void> {
  const path = join(dir, name);
  await rm(path, { force: true });
  await symlink(program, path);
}
