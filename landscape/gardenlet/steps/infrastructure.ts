import { infrastructures } from '../../../src/apis/extensions/resources.ts';
import { infrastructureObject, networkingStatus } from '../../../src/plan/gardenlet/infrastructure.ts';
import type { FlowStep, Operation } from '../context.ts';
import { destroyExtension } from '../extension-object.ts';
import { timestampAnnotation } from '../readiness.ts';
import { shoots } from '../resources.ts';
import { deployInfrastructureTask, hasTask } from '../shoot.ts';
import { patchStatus } from '../shoot-status.ts';
import { syncCluster } from '../sync-cluster.ts';
import { waitUntilDeleted, waitUntilReady } from '../wait.ts';
import { deploy, targetOf, waitingOf } from './waiting.ts';

export const deployInfrastructure: FlowStep = {
  name: 'Deploying the Infrastructure',
  async run(operation) {
    const { namespace, shoot, sshPublicKey, infrastructureConfig } = operation;
    const wanted = infrastructureObject(namespace, shoot, { infrastructureConfig, sshPublicKey });
    const ask = hasTask(operation.shoot, deployInfrastructureTask);
    operation.infrastructure = await deploy(operation, targetOf(infrastructures, operation), wanted, { ask });
  },
};

export const waitForInfrastructure: FlowStep = {
  name: 'Waiting until the Infrastructure is ready',
  async run(operation) {
    const timestamp = operation.infrastructure?.metadata.annotations?.[timestampAnnotation];
    operation.infrastructure = await waitUntilReady(
      waitingOf(operation),
      targetOf(infrastructures, operation),
      timestamp,
    );
    await takeOverNetworks(operation);
    await syncCluster(operation);
  },
};

/**
 * The node network goes into the Shoot's spec if the user gave none; the status has all, where the provider says none the
 * spec's.
 */
async function takeOverNetworks(operation: Operation): Promise<void> {
  const { garden, signal } = operation;
  const networking = networkingStatus(operation.infrastructure?.status);
  const nodes = networking.nodes?.[0];
  if (nodes && !operation.shoot.spec.networking?.nodes) {
    const patch = { spec: { networking: { nodes } } };
    operation.shoot = await garden.mergePatch(shoots, operation.shoot.metadata, patch, { signal });
  }
  const { pods, services } = operation.shoot.spec.networking ?? {};
  const ofSpec = { pods: pods ? [pods] : null, services: services ? [services] : null };
  await patchStatus(operation, { networking: { nodes: null, egressCIDRs: null, ...ofSpec, ...networking } });
}

export const destroyInfrastructure: FlowStep = {
  name: 'Destroying the Infrastructure',
  run: (operation) => destroyExtension(waitingOf(operation), targetOf(infrastructures, operation)),
};

export const waitInfrastructureDestroyed: FlowStep = {
  name: 'Waiting until the Infrastructure is gone',
  run: (operation) => waitUntilDeleted(waitingOf(operation), targetOf(infrastructures, operation)),
};
