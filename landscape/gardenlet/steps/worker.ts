import { workers } from '../../../src/apis/extensions/resources.ts';
import { workerObject } from '../../../src/plan/gardenlet/worker.ts';
import type { FlowStep } from '../context.ts';
import { destroyExtension } from '../extension-object.ts';
import { createOrPatch } from '../merge.ts';
import { provisionConfig, userDataSecret } from '../operating-system-config.ts';
import { timestampAnnotation } from '../readiness.ts';
import { operatingSystemConfigs, secrets } from '../resources.ts';
import { waitUntilDeleted, waitUntilReady } from '../wait.ts';
import { deploy, targetOf, waitingOf } from './waiting.ts';

/** The user data of each pool, as gardenlet and the operating system extension make it together. */
export const deployOperatingSystemConfigs: FlowStep = {
  name: 'Deploying the OperatingSystemConfigs',
  async run({ seed, namespace, shoot, signal }) {
    for (const pool of shoot.spec.provider.workers ?? []) {
      const config = provisionConfig(namespace, shoot, pool);
      await createOrPatch(seed, operatingSystemConfigs, config.metadata, () => config, signal);
      const secret = userDataSecret(namespace, shoot, pool);
      await createOrPatch(seed, secrets, secret.metadata, () => secret, signal);
    }
  },
};

export const deleteOperatingSystemConfigs: FlowStep = {
  name: 'Deleting the OperatingSystemConfigs',
  async run({ seed, namespace, signal }) {
    const { items } = await seed.list(operatingSystemConfigs, { namespace, signal });
    for (const { metadata } of items) {
      const confirmed = { metadata: { annotations: { 'confirmation.gardener.cloud/deletion': 'true' } } };
      await seed.mergePatch(operatingSystemConfigs, metadata, confirmed, { signal });
      await seed.delete(operatingSystemConfigs, metadata, { signal });
    }
  },
};

export const deployWorker: FlowStep = {
  name: 'Deploying the Worker',
  async run(operation) {
    const { seed, namespace, shoot, cloudProfile, infrastructure, sshPublicKey, signal } = operation;
    const target = targetOf(workers, operation);
    const existing = await seed.find(workers, target, { signal });
    const infrastructureProviderStatus = infrastructure?.status?.providerStatus;
    const wanted = workerObject(namespace, shoot, {
      cloudProfile,
      infrastructureProviderStatus,
      sshPublicKey,
      existing,
    });
    operation.worker = await deploy(operation, target, wanted, { ask: true });
  },
};

export const waitForWorker: FlowStep = {
  name: 'Waiting until the Worker is ready',
  async run(operation) {
    const timestamp = operation.worker?.metadata.annotations?.[timestampAnnotation];
    await waitUntilReady(waitingOf(operation), targetOf(workers, operation), timestamp);
  },
};

export const destroyWorker: FlowStep = {
  name: 'Destroying the Worker',
  run: (operation) => destroyExtension(waitingOf(operation), targetOf(workers, operation)),
};

export const waitWorkerDestroyed: FlowStep = {
  name: 'Waiting until the Worker is gone',
  run: (operation) => waitUntilDeleted(waitingOf(operation), targetOf(workers, operation)),
};
