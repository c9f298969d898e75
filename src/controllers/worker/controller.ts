import type { Worker } from '../../apis/extensions/worker.ts';
import type { Machine } from '../../apis/machine/machine.ts';
import type { Informer } from '../../kube/lister.ts';
import type { WorkerDriver } from '../../providers/worker.ts';
import {
  createExtensionController,
  type ExtensionController,
  type ExtensionControllerOptions,
  type Trigger,
} from '../lifecycle/controller.ts';
import { createWorkerActuator } from './actuator.ts';
import { createMachineCaches, type MachineCaches } from './caches.ts';
import { workersOfMachineEvent } from './in-place.ts';
import { workerKind } from './kind.ts';

export interface WorkerControllerOptions
  extends Omit<ExtensionControllerOptions<Worker>, 'kind' | 'actuator' | 'caches' | 'triggers'> {
  readonly driver: WorkerDriver;
  /** Shared with others, who do not run its informers; made here when absent. */
  readonly caches?: MachineCaches | undefined;
}

export function createWorkerController(options: WorkerControllerOptions): ExtensionController {
  const { client, clock, log, driver, caches = createMachineCaches({ client, clock, log }) } = options;
  return createExtensionController({
    ...options,
    kind: workerKind,
    actuator: createWorkerActuator({ kube: client, clock, driver, caches }),
    caches: caches.informers,
    triggers: [machineTrigger(caches)],
  });
}

/** Machines that are updated in place by hand come without a request of gardenlet's (gardener-contract 2.11). */
function machineTrigger({ machineInformer, deployments }: MachineCaches): Trigger {
  const isManual = ({ metadata: { namespace, labels } }: Machine) =>
    deployments.get({ namespace, name: labels?.name ?? '' })?.spec.strategy?.inPlaceUpdate?.orchestrationType ===
    'Manual';
  return {
    informer: machineInformer as unknown as Informer<never>,
    keys: (event) => workersOfMachineEvent(event, isManual),
  };
}
