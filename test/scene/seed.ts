import { rm } from 'node:fs/promises';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { type MetalApi, type MetalApiOptions, startMetalApi } from '../../landscape/metal-api/server.ts';
import type { Parts } from '../../landscape/parts/catalog.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { type ApiRequests, countRequests } from './api-requests.ts';
import { type ControllersOptions, type ControllersProcess, startControllers } from './controllers-process.ts';
import { type MetalShootOptions, metalShoot } from './metal-shoot.ts';
import { createShoot, type PreparedShoot, prepareShoot, type TestShoot } from './shoot.ts';

/** A seed of its own, for what counts requests, stops API servers or kills controllers. */
export interface Seed extends AsyncDisposable {
  readonly dir: string;
  readonly plane: ControlPlane;
  readonly client: ClosableKubeClient;
  readonly metalApi: MetalApi;
  createShoot(options?: Partial<MetalShootOptions>): Promise<TestShoot>;
  prepareShoot(): Promise<PreparedShoot>;
  startControllers(options?: Partial<ControllersOptions>): Promise<ControllersProcess>;
  requests(): Promise<ApiRequests>;
}

export async function startSeed(options: {
  readonly dir: string;
  readonly parts: Parts;
  readonly metalApi?: MetalApiOptions;
}): Promise<Seed> {
  const { dir, parts } = options;
  const plane = await startControlPlane({ dir, parts, progress: silentProgress });
  const metalApi = await startMetalApi(options.metalApi);
  const { kubeconfig } = plane.garden;
  const client = createKubeClient({ kubeconfig });
  const counter = countRequests(kubeconfig);
  return {
    dir,
    plane,
    client,
    metalApi,
    createShoot: (shoot = {}) => createShoot(client, metalShoot({ endpoint: metalApi.url, ...shoot })),
    prepareShoot: () => prepareShoot(client, metalShoot({ endpoint: metalApi.url })),
    startControllers: (controllers = {}) => startControllers({ dir, kubeconfig, ...controllers }),
    requests: () => counter.read(),
    async [Symbol.asyncDispose]() {
      await counter.close();
      await client.close();
      await plane.stop();
      await metalApi.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
