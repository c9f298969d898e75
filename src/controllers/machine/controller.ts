import { randomInt } from 'node:crypto';
import type { KubeClient } from '../../kube/client.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Informer } from '../../kube/lister.ts';
import type { MachineDriver } from '../../providers/machine.ts';
import { createControlCaches, createTargetCaches, informersOf } from './caches.ts';
import type { MachineContext } from './context.ts';
import { createElapsed } from './elapsed.ts';
import { type Freeze, guardApiServers } from './freeze.ts';
import { createHoldOff } from './hold-off.ts';
import { createInherited } from './inherited.ts';
import { lanes } from './lane.ts';
import type { MachineGauges } from './metrics.ts';
import { type DriverMetrics, observed } from './observed-driver.ts';
import { collectOrphans } from './orphan-collector.ts';
import { createSecretData } from './secret-data.ts';
import type { MachineSettings } from './settings.ts';
import { tellBy } from './tell.ts';
import { holdersOf, keysOf, laneController, type WorkerOptions } from './workers.ts';

export interface MachineControllerOptions extends WorkerOptions {
  /** Of the Machines and all that belongs to them. */
  readonly namespace: string;
  /** Where the Machines are. */
  readonly control: KubeClient;
  /** The cluster that they join; undefined when there is none. */
  readonly target: KubeClient | undefined;
  readonly driver: MachineDriver;
  readonly settings: MachineSettings;
  readonly recorder: Pick<EventRecorder, 'event'>;
  readonly driverMetrics?: DriverMetrics;
}

/** The controller of machines: its informers run in every replica, the rest in the leader only. */
export interface MachineController extends MachineGauges {
  readonly informers: readonly Informer<never>[];
  /** To be called when the replica leads. */
  lead(signal: AbortSignal): Promise<void>;
}

const randomSteps = 2 ** 32;

/**
 * The half of machine-controller-manager that makes machines of Machines; MCM itself makes Machines of MachineDeployments
 * (metal-components F.1).
 */
export function createMachineController(options: MachineControllerOptions): MachineController {
  const { namespace, control, target: client, clock, log } = options;
  const controlCaches = createControlCaches({ client: control, namespace, clock, log });
  const target = client && { client, ...createTargetCaches({ client, clock, log }) };
  const freeze: Freeze = { frozen: false };
  const context: MachineContext = {
    ...controlCaches,
    namespace,
    control,
    target,
    driver: observed(options.driver, clock, options.driverMetrics),
    settings: options.settings,
    secretData: createSecretData(control, controlCaches, namespace, options.driver.secretOf),
    clock,
    random: () => randomInt(randomSteps) / randomSteps,
    elapsed: createElapsed(clock),
    holdOff: createHoldOff(clock),
    inherited: createInherited(clock, options.driver.settleMs ?? 0),
    drains: new Map(),
    givingUp: new Set(),
    busy: new Set(),
    unhealthy: new Set(),
    isFrozen: () => freeze.frozen,
    tell: tellBy(options.recorder),
  };
  const informers = [...informersOf(controlCaches), ...(target ? informersOf({ nodes: target.nodes }) : [])];
  return {
    informers,
    machines: () => context.machines.list(namespace),
    isFrozen: () => freeze.frozen,
    async lead(signal) {
      context.inherited.begin();
      const inLanes = lanes.map((lane) => laneController(context, lane, options));
      const others = holdersOf(context, options);
      const onThaw = () => {
        const keys = keysOf(context.machines.list(namespace));
        for (const controller of inLanes) for (const key of keys) controller.enqueue(key);
      };
      const loops = async () => {
        await Promise.all(informers.map((informer) => informer.waitForSync(signal)));
        await Promise.all([
          collectOrphans(context, log, signal),
          target && guardApiServers(context, freeze, onThaw, log, signal),
        ]);
      };
      const looping = loops().catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      await Promise.all([...[...inLanes, ...others].map((controller) => controller.run(signal)), looping]);
    },
  };
}
