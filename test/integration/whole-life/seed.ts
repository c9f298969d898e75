import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { espalierMachineController } from '../../../landscape/charts/programs.ts';
import type { ControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { runGardenlet } from '../../../landscape/gardenlet/gardenlet.ts';
import { createOrPatch } from '../../../landscape/gardenlet/merge.ts';
import { configMaps, namespaces } from '../../../landscape/gardenlet/resources.ts';
import { seedApiServer } from '../../../landscape/gardenlet/shoot-access.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { controlPlanePrograms } from '../../../landscape/pods/program.ts';
import { freePort } from '../../../landscape/processes/ports.ts';
import { startControlPlanes } from '../../../landscape/up/control-planes.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { type ClosableKubeClient, createKubeClient } from '../../../src/kube/http-client.ts';
import type { Logger } from '../../../src/kube/logger.ts';
import { type ControllersProcess, startControllers } from '../../scene/controllers-process.ts';

export interface SeedOptions {
  /** Of the Seed in the garden. */
  readonly name: string;
  readonly garden: KubeClient;
  /** The seed's own API server, and that of shoots. */
  readonly plane: ControlPlane;
  readonly parts: Parts;
  /** The simulator's own handle, for the seed that is to run what is installed on machines. */
  readonly metalControl?: string;
  readonly log: Logger;
}

/** A seed with all that works on it. */
export interface Seed extends AsyncDisposable {
  readonly name: string;
  readonly client: ClosableKubeClient;
  readonly shoot: ClosableKubeClient;
  /** The one that runs now. */
  readonly controllers: () => ControllersProcess;
  /** SIGKILL, and another one. */
  restartControllers(): Promise<void>;
  /** What plays the kubelet of control planes ends, and with it all of their processes. */
  readonly dir: string;
}

const extensionNamespace = 'extension-provider-metal';

const machineImages = ['20251104', '20260114'].map((day) => ({
  name: 'ubuntu',
  version: `24.4.${day}`,
  image: `ubuntu-24.4.${day}`,
}));

export async function startSeed(options: SeedOptions): Promise<Seed> {
  const { name, garden, plane, parts, log, metalControl } = options;
  const { dir } = plane;
  await mkdir(dir, { recursive: true });
  const stop = new AbortController();
  const { signal } = stop;
  const { kubeconfig } = plane.garden;
  const client = createKubeClient({ kubeconfig, userAgent: 'gardenlet' });
  const shoot = createKubeClient({ kubeconfig: plane.shoot?.kubeconfig ?? '', userAgent: 'gardenlet' });
  await prepare(client, plane);

  const port = await freePort();
  const run = () =>
    startControllers({
      ...{ dir: join(dir, 'logs'), kubeconfig, config: { machineImages } },
      flags: [
        '--image=registry.local/espalier:dev',
        '--webhook-config-server-host=127.0.0.1',
        `--webhook-config-server-port=${port}`,
        '--webhook-config-mode=url',
        `--webhook-config-url=127.0.0.1:${port}`,
        `--webhook-config-namespace=${extensionNamespace}`,
      ],
    });
  let controllers = await run();
  const programs = { ...controlPlanePrograms(parts), espalier: espalierMachineController() };
  const controlPlanes = await startControlPlanes({ dir, plane, parts, log, programs, metalControl });
  const gardenlet = runGardenlet({
    ...{ garden, seed: client, seedName: name, controlPlanes, signal, log: log.child({ seed: name }) },
    wait: { severeAfterMs: 20_000 },
  });
  return {
    ...{ name, client, shoot, dir },
    controllers: () => controllers,
    async restartControllers() {
      await controllers.kill();
      controllers = await run();
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('the test is over'));
      await gardenlet;
      await controlPlanes.stop();
      await controllers.stop();
      await Promise.all([client.close(), shoot.close()]);
    },
  };
}

/** What the extension's own deployment and gardenlet bring before the first Shoot. */
async function prepare(client: KubeClient, plane: ControlPlane): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  for (const name of ['garden', extensionNamespace]) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await createOrPatch(client, namespaces, { name }, () => namespace, signal);
  }
  const seedApi = seedApiServer(plane.garden.server);
  await createOrPatch(client, configMaps, seedApi.metadata, () => seedApi, signal);
}
