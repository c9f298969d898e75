import { readFile } from 'node:fs/promises';
import { systemClock } from '../../src/kube/clock.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import type { Logger } from '../../src/kube/logger.ts';
import type { Cluster } from '../control-plane/bring-up.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { ControlPlanes, ShootApi } from '../gardenlet/shoot-access.ts';
import { type HardwareOptions, runHardware } from '../hardware/run.ts';
import type { Parts } from '../parts/catalog.ts';
import type { Programs } from '../pods/program.ts';
import { runPods } from '../pods/run.ts';
import type { RunningProcess } from '../processes/process.ts';
import { startResourceManager } from '../resource-manager/resource-manager.ts';

export interface ControlPlanesOptions {
  readonly dir: string;
  readonly plane: ControlPlane;
  readonly parts: Parts;
  /** What runs in the place of the images of a control plane. */
  readonly programs: Programs;
  readonly log: Logger;
  /** Ends the start. */
  readonly signal?: AbortSignal | undefined;
  /** The simulator's own handle; without it nothing runs on its machines. */
  readonly metalControl?: string | undefined;
}

export interface RunningControlPlanes extends ControlPlanes {
  stop(): Promise<void>;
}

/** Nodes and firewalls would call it by this address; it is one for documentation. */
const addresses = ['203.0.113.250'];

/**
 * What runs the control planes of Shoots beside their extensions: gardener-resource-manager for the seed and for the Shoot,
 * a kubelet's stand-in, and what is installed on machines. There is one API server for Shoots, so one Shoot at a time has a
 * control plane.
 */
export async function startControlPlanes(options: ControlPlanesOptions): Promise<RunningControlPlanes> {
  const { dir, plane, parts, programs, log, metalControl } = options;
  const { shoot } = plane;
  if (!shoot) throw new Error('this landscape has no API server for Shoots');
  const stop = new AbortController();
  const binary = parts['gardener-resource-manager'];
  const common = { binary, dir, seed: plane.garden.kubeconfig };
  const seedManager = await startResourceManager({ ...common, signal: options.signal });
  const pods = { dir, log, signal: stop.signal };
  const client = createKubeClient({ kubeconfig: shoot.kubeconfig, userAgent: 'landscape-hardware' });
  const running = [
    runPods({
      ...{ ...pods, programs, kubeconfig: plane.garden.kubeconfig },
      origins: () => ({ 'https://kube-apiserver': shoot.server }),
    }),
    hardware(metalControl, { shootOf: () => client, log, signal: stop.signal }),
    runPods({ ...pods, programs: {}, kubeconfig: shoot.kubeconfig, serves: () => true }),
  ];
  const api = await shootApi(plane, shoot);
  let served: { readonly namespace: string; readonly manager: Promise<RunningProcess> } | undefined;
  const release = async (): Promise<void> => {
    const { manager } = served ?? {};
    served = undefined;
    await manager?.then(
      (process) => process.stop(),
      // It does not run; who waits for it in `acquire` is told why.
      () => {},
    );
  };
  return {
    async acquire(namespace) {
      served ??= {
        namespace,
        manager: startResourceManager({ ...common, shoot: { kubeconfig: shoot.kubeconfig, namespace } }),
      };
      if (served.namespace !== namespace) return undefined;
      try {
        await served.manager;
      } catch (error) {
        // The next attempt starts another one.
        served = undefined;
        throw error;
      }
      return api;
    },
    async release(namespace) {
      if (served?.namespace === namespace) await release();
    },
    async stop() {
      stop.abort(new Error('the landscape stops'));
      await Promise.all([...running, release()]);
      await client.close();
      await seedManager.stop();
    },
  };
}

async function hardware(
  control: string | undefined,
  options: Omit<HardwareOptions, 'control' | 'clock'>,
): Promise<void> {
  if (control) await runHardware({ ...options, control, clock: systemClock });
}

async function shootApi(plane: ControlPlane, { server, kubeconfig }: Cluster): Promise<ShootApi> {
  return { server, ca: plane.ca, kubeconfig: await readFile(kubeconfig, 'utf8'), addresses };
}
