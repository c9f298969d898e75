import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { ensureObject } from '../../landscape/control-plane/ensure-object.ts';
import { runHardware } from '../../landscape/hardware/run.ts';
import { type MetalApi, type MetalApiOptions, startMetalApi } from '../../landscape/metal-api/server.ts';
import type { Parts } from '../../landscape/parts/catalog.ts';
import { withFreePort } from '../../landscape/processes/ports.ts';
import { type RunningProcess, startProcess } from '../../landscape/processes/process.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import {
  type MachineControllerOptions,
  type MachineControllerProcess,
  startMachineController,
} from './machine-controller-process.ts';
import { createMetalClasses } from './metal-class.ts';

/** One cluster of metal, of which there is only what makes machines: two API servers, a metal-api, and its hardware. */
export interface MachineSeed extends AsyncDisposable {
  readonly control: ClosableKubeClient;
  readonly target: ClosableKubeClient;
  readonly metalApi: MetalApi;
  readonly namespace: string;
  /** Host and port of each API server. */
  readonly hosts: { readonly control: string; readonly target: string };
  /** machine-controller-manager itself, which makes Machines of MachineDeployments. */
  startManager(): Promise<RunningProcess>;
  startController(options?: Partial<MachineControllerOptions>): Promise<MachineControllerProcess>;
}

const namespace = 'shoot--machines';
const clusterID = '0c7ff00d-0000-4000-8000-00000000c7a5';

export async function startMachineSeed(options: {
  readonly dir: string;
  readonly parts: Parts;
  readonly metalApi?: MetalApiOptions;
  /** Names of MachineClasses. */
  readonly classes: readonly string[];
  /** Between renewals of a Node's Lease. */
  readonly leaseMs?: number;
}): Promise<MachineSeed> {
  const { dir, parts, classes } = options;
  await using started = new AsyncDisposableStack();
  started.defer(() => rm(dir, { recursive: true, force: true }));
  const plane = started.use(await startControlPlane({ dir, parts, progress: silentProgress, shoot: true }));
  const kubeconfigs = { control: plane.garden.kubeconfig, target: plane.shoot?.kubeconfig ?? '' };
  const metalApi = await startMetalApi(options.metalApi);
  started.defer(() => metalApi.close());
  const client = (kubeconfig: string) => {
    const created = createKubeClient({ kubeconfig });
    started.defer(() => created.close());
    return created;
  };
  const [control, target, hardware] = [
    client(kubeconfigs.control),
    client(kubeconfigs.target),
    client(kubeconfigs.target),
  ];
  const stop = new AbortController();
  const running = runHardware({
    control: new URL('/_simulator', metalApi.url).href,
    shootOf: () => hardware,
    clock: systemClock,
    log: createLogger({ name: 'hardware', level: 'error', format: 'text' }),
    signal: stop.signal,
    ...(options.leaseMs ? { leaseMs: options.leaseMs } : {}),
  });
  started.defer(() => {
    stop.abort();
    return running;
  });
  await ensureObject(control, namespaces, { metadata: { name: namespace } });
  await createMetalClasses(control, metalApi, { namespace, clusterID, names: classes });
  const rest = started.move();
  return {
    ...{ control, target, metalApi, namespace },
    hosts: { control: new URL(plane.garden.server).host, target: new URL(plane.shoot?.server ?? '').host },
    startManager: () => startManager({ dir, parts, ...kubeconfigs }),
    startController: (more = {}) => startMachineController({ dir, ...kubeconfigs, namespace, ...more }),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

interface ManagerOptions {
  readonly dir: string;
  readonly parts: Parts;
  readonly control: string;
  readonly target: string;
}

function startManager({ dir, parts, control, target }: ManagerOptions): Promise<RunningProcess> {
  return withFreePort((port) =>
    startProcess({
      name: 'machine-controller-manager',
      command: parts['machine-controller-manager'],
      args: [
        `--control-kubeconfig=${control}`,
        `--target-kubeconfig=${target}`,
        `--namespace=${namespace}`,
        `--port=${port}`,
        '--leader-elect=false',
        '--kube-api-qps=150',
        '--kube-api-burst=200',
      ],
      logFile: join(dir, 'machine-controller-manager.log'),
      ready: async (signal) => (await fetch(`http://127.0.0.1:${port}/healthz`, { signal })).ok,
    }),
  );
}
