import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { destination } from 'pino';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { applyGardenContent } from '../garden/content.ts';
import { runGardenlet } from '../gardenlet/gardenlet.ts';
import { createOrPatch } from '../gardenlet/merge.ts';
import type { GardenletEvent } from '../gardenlet/progress.ts';
import { configMaps, namespaces } from '../gardenlet/resources.ts';
import { type ControlPlanes, seedApiServer } from '../gardenlet/shoot-access.ts';
import { ensureParts } from '../parts/ensure.ts';
import { controlPlanePrograms } from '../pods/program.ts';
import { inStep, type Progress } from '../progress.ts';
import { startAdmission } from './admission-process.ts';
import { startControlPlanes } from './control-planes.ts';
import { espalierProgram, extensionNamespace, startControllers } from './controllers-process.ts';
import { type KeptProcess, keepRunning } from './kept-process.ts';
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
  readonly controllers: KeptProcess;
  readonly admission: KeptProcess;
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
  await linkKubectl(dir, parts.kubectl);
  const client = createKubeClient({ kubeconfig: plane.garden.kubeconfig, userAgent: 'gardenlet' });
  stops.push(() => client.close());
  const shoot = createKubeClient({ kubeconfig: plane.shoot?.kubeconfig });
  stops.push(() => shoot.close());
  const [metalApi, admission] = await bothOf(
    inStep(progress, 'metal-api', () => startMetalApiProcess(dir, signal)).then((started) => {
      stops.push(() => started.process.stop());
      return started;
    }),
    inStep(progress, 'espalier admission', () => runAdmission(options, plane, client)).then((started) => {
      stops.push(() => started.stop());
      return started;
    }),
  );
  await inStep(progress, 'garden content', () => fill(client, { metalApi, plane }, signal));
  const controllers = await inStep(progress, 'espalier controllers', () => runControllers(options, plane));
  stops.push(() => controllers.stop());
  const log = landscapeLog(dir);
  const controlPlanes = await inStep(progress, 'gardener-resource-manager', () =>
    startControlPlanes({
      dir,
      plane,
      parts,
      log,
      programs: { ...controlPlanePrograms(parts), ...espalierProgram },
      metalControl: metalApi.control,
    }),
  );
  stops.push(() => controlPlanes.stop());
  stops.push(startGardenlet(options, { client, controlPlanes, log }));
  return {
    dir,
    plane,
    metalApi,
    controllers,
    admission,
    kubectl: parts.kubectl,
    client,
    shoot,
    failure: AbortSignal.any([plane.failure, metalApi.process.failure]),
  };
}

/** Like Promise.all, but waits for the other when one fails: it may have something to stop. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

async function fill(
  client: ClosableKubeClient,
  { metalApi, plane }: { readonly metalApi: MetalApiProcess; readonly plane: ControlPlane },
  signal: AbortSignal,
): Promise<void> {
  await applyGardenContent(client, { metalApiUrl: metalApi.url, metalApiHmac: metalApi.hmac }, signal);
  const labels = {
    'gardener.cloud/role': 'extension',
    'controllerregistration.core.gardener.cloud/name': 'provider-metal',
  };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: extensionNamespace, labels } };
  await createOrPatch(client, namespaces, { name: extensionNamespace }, () => namespace, signal);
  const seedApi = seedApiServer(plane.garden.server);
  await createOrPatch(client, configMaps, seedApi.metadata, () => seedApi, signal);
}

async function runControllers({ dir, signal, progress }: LandscapeOptions, plane: ControlPlane): Promise<KeptProcess> {
  const kubeconfig = await plane.writeKubeconfig('provider-metal', ['system:masters']);
  const onRestart = (reason: string): void => progress.note(`espalier controllers is started again: ${reason}`);
  return startControllers({ dir, kubeconfig, signal, onRestart });
}

/** Before there is anything in the garden: what the operator writes is reviewed as well. */
async function runAdmission(
  { dir, signal, progress }: LandscapeOptions,
  plane: ControlPlane,
  client: ClosableKubeClient,
): Promise<KeptProcess> {
  const kubeconfig = await plane.writeKubeconfig('admission-metal', ['system:masters']);
  const namespace = 'garden';
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await createOrPatch(client, namespaces, { name: namespace }, () => object, signal);
  return keepRunning({
    start: (within) => startAdmission({ dir, kubeconfig, namespace, signal: within }),
    signal,
    onRestart: (reason) => progress.note(`espalier admission is started again: ${reason}`),
  });
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
async function linkKubectl(dir: string, kubectl: string): Promise<void> {
  const link = join(dir, 'kubectl');
  await rm(link, { force: true });
  await symlink(kubectl, link);
}
