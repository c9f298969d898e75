import { controlPlanes, infrastructures } from '../../../src/apis/extensions/resources.ts';
import { controlPlaneObject } from '../../../src/plan/gardenlet/control-plane.ts';
import type { FlowStep } from '../context.ts';
import { destroyExtension } from '../extension-object.ts';
import { timestampAnnotation } from '../readiness.ts';
import { waitUntilDeleted, waitUntilReady } from '../wait.ts';
import { deploy, targetOf, waitingOf } from './waiting.ts';

export const deployControlPlane: FlowStep = {
  name: 'Deploying the ControlPlane',
  async run(operation) {
    const { namespace, shoot, seed, signal } = operation;
    // On the way to deletion the Infrastructure is not deployed any more.
    const infrastructure =
      operation.infrastructure ?? (await seed.find(infrastructures, targetOf(infrastructures, operation), { signal }));
    const wanted = controlPlaneObject(namespace, shoot, infrastructure?.status?.providerStatus);
    const target = targetOf(controlPlanes, operation);
    operation.controlPlane = await deploy(operation, target, wanted, { ask: true });
  },
};

export const waitForControlPlane: FlowStep = {
  name: 'Waiting until the ControlPlane is ready',
  async run(operation) {
    const timestamp = operation.controlPlane?.metadata.annotations?.[timestampAnnotation];
    await waitUntilReady(waitingOf(operation), targetOf(controlPlanes, operation), timestamp);
  },
};

export const destroyControlPlane: FlowStep = {
  name: 'Destroying the ControlPlane',
  run: (operation) => destroyExtension(waitingOf(operation), targetOf(controlPlanes, operation)),
};

export const waitControlPlaneDestroyed: FlowStep = {
  name: 'Waiting until the ControlPlane is gone',
  run: (operation) => waitUntilDeleted(waitingOf(operation), targetOf(controlPlanes, operation)),
};
