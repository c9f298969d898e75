import { rm } from 'node:fs/promises';
import { type ControlPlane, startControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { genericKubeconfig } from '../../../landscape/gardenlet/shoot-access.ts';
import { type MetalApi, startMetalApi } from '../../../landscape/metal-api/server.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { controlPlanePrograms } from '../../../landscape/pods/program.ts';
import { runPods } from '../../../landscape/pods/run.ts';
import { silentProgress } from '../../../landscape/progress.ts';
import { startResourceManager } from '../../../landscape/resource-manager/resource-manager.ts';
import { type ClosableKubeClient, createKubeClient } from '../../../src/kube/http-client.ts';
import { silent } from '../kube-kit.ts';
import { create } from './apply.ts';

/** A seed and a shoot with everything that runs beside an extension, and a control-plane namespace. */
export interface Stage extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly seed: ClosableKubeClient;
  readonly shoot: ClosableKubeClient;
  readonly metalApi: MetalApi;
  readonly namespace: string;
  readonly genericKubeconfigSecret: string;
  readonly shootUrl: string;
}

export async function startStage(dir: string, parts: Parts, namespace: string): Promise<Stage> {
  const plane = await startControlPlane({ dir, parts, progress: silentProgress, shoot: true, workloads: true });
  const shootUrl = plane.shoot?.server ?? '';
  const shootKubeconfig = plane.shoot?.kubeconfig ?? '';
  const seed = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
  const shoot = createKubeClient({ kubeconfig: shootKubeconfig });
  const metalApi = await startMetalApi({ errorBody: 'string', timing: { provisioningMs: 0, reclaimMs: 0 } });

  const generic = genericKubeconfig(namespace, { server: shootUrl, ca: plane.ca, kubeconfig: '', addresses: [] });
  await create(seed, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, generic);

  const stop = new AbortController();
  const pods = [
    runPods({
      ...{ dir, log: silent, signal: stop.signal },
      kubeconfig: plane.garden.kubeconfig,
      programs: controlPlanePrograms(parts),
      origins: () => ({ 'https://kube-apiserver': shootUrl }),
    }),
    runPods({ dir, log: silent, signal: stop.signal, kubeconfig: shootKubeconfig, programs: {}, serves: () => true }),
  ];
  const common = { binary: parts['gardener-resource-manager'], dir, seed: plane.garden.kubeconfig };
  const managers = await Promise.all([
    startResourceManager(common),
    startResourceManager({ ...common, shoot: { kubeconfig: shootKubeconfig, namespace } }),
  ]);
  return {
    ...{ plane, seed, shoot, metalApi, namespace, shootUrl },
    genericKubeconfigSecret: generic.metadata.name,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(pods);
      await Promise.all(managers.map((manager) => manager.stop()));
      await Promise.all([seed.close(), shoot.close(), metalApi.close()]);
      await plane.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
