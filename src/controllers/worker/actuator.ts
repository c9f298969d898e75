import type { Worker } from '../../apis/extensions/worker.ts';
import type { Actuator } from '../../providers/provider.ts';
import { deleteWorker } from './delete.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { reconcile } from './reconcile.ts';
import { restore } from './restore.ts';

/** Worker of any provider type: machine objects for machine-controller-manager, made from what the driver plans. */
export function createWorkerActuator(dependencies: WorkerDependencies): Actuator<Worker> {
  const { driver } = dependencies;
  return {
    reconcile: (operation) => reconcile(operation, dependencies),
    delete: (operation) => deleteWorker(operation, dependencies),
    // gardenlet removes the machine objects itself (gardener-contract 1.11).
    async forceDelete(operation) {
      await driver.forceDelete(operation);
      return {};
    },
    // The machines stay; gardenlet has put their state away.
    async migrate(operation) {
      await driver.migrate(operation);
      return {};
    },
    restore: (operation) => restore(operation, dependencies),
  };
}
