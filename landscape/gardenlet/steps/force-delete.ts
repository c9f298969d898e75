import { controlPlanes, infrastructures, workers } from '../../../src/apis/extensions/resources.ts';
import { managedResources } from '../../../src/apis/resources/managed-resource.ts';
import type { FlowStep } from '../context.ts';
import { destroyExtension } from '../extension-object.ts';
import { forgetMachines, withoutFinalizers } from '../machine-state.ts';
import { waitUntilDeleted } from '../wait.ts';
import { targetOf, waitingOf } from './waiting.ts';

/** All at once, whatever depends on what. */
export const destroyExtensions: FlowStep = {
  name: 'Deleting extension resources',
  async run(operation) {
    const waiting = waitingOf(operation);
    await Promise.all([
      destroyExtension(waiting, targetOf(workers, operation)),
      destroyExtension(waiting, targetOf(controlPlanes, operation)),
      destroyExtension(waiting, targetOf(infrastructures, operation)),
    ]);
  },
};

export const waitExtensionsDestroyed: FlowStep = {
  name: 'Waiting until extension resources have been deleted',
  async run(operation) {
    const waiting = waitingOf(operation);
    await Promise.all([
      waitUntilDeleted(waiting, targetOf(workers, operation)),
      waitUntilDeleted(waiting, targetOf(controlPlanes, operation)),
      waitUntilDeleted(waiting, targetOf(infrastructures, operation)),
    ]);
  },
};

export const forgetMachineObjects: FlowStep = {
  name: 'Deleting machine resources',
  run: ({ seed, namespace, signal }) => forgetMachines(seed, namespace, signal),
};

/** Nobody waits for what goes from a Shoot whose API server goes, too. */
export const deleteManagedResources: FlowStep = {
  name: 'Deleting managed resources',
  async run({ seed, namespace, signal }) {
    await seed.deleteCollection(managedResources, { namespace, signal }, { signal });
    const { items } = await seed.list(managedResources, { namespace, signal });
    for (const { metadata } of items.filter(({ spec }) => !spec?.class)) {
      await withoutFinalizers(seed, managedResources, metadata, signal);
    }
  },
};
