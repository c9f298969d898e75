import type { ExtensionObject } from '../../../src/apis/extensions/extension.ts';
import { controlPlanes, infrastructures, workers } from '../../../src/apis/extensions/resources.ts';
import { managedResources } from '../../../src/apis/resources/managed-resource.ts';
import type { Resource } from '../../../src/kube/resource.ts';
import type { FlowStep, Operation } from '../context.ts';
import { forgetMachines, machineStateOf } from '../machine-state.ts';
import { createOrPatch } from '../merge.ts';
import { deleteMigrated, letGoOfExtension, migrateExtension } from '../migration.ts';
import { secrets } from '../resources.ts';
import {
  machineStateData,
  persistedSecrets,
  type ShootState,
  secretsOf,
  shootStates,
  withKept,
} from '../shoot-state.ts';
import { targetOf, waitingOf } from './waiting.ts';

/** What is gardenlet's in the Shoot outlives its ManagedResources; those of extensions are the extensions' concern. */
export const keepObjectsInShoot: FlowStep = {
  name: 'Keeping the objects in the Shoot',
  async run({ seed, namespace, signal }) {
    const { items } = await seed.list(managedResources, { namespace, signal });
    for (const { metadata } of items.filter(({ metadata: { name } }) => name.startsWith('shoot-core-'))) {
      await seed.mergePatch(managedResources, metadata, { spec: { keepObjects: true } }, { signal });
    }
  },
};

export const migrateWorker: FlowStep = {
  name: 'Migrating the Worker',
  async run(operation) {
    await letGoOfExtension(waitingOf(operation), targetOf(workers, operation));
  },
};

/** Only now: an extension may write state while it migrates. */
export const persistShootState: FlowStep = {
  name: 'Persisting the ShootState in the garden',
  async run(operation) {
    const { garden, seed, namespace, shoot, signal } = operation;
    // Where the Worker has gone, its machines are being forgotten, and their state is kept already.
    const worker = await seed.find(workers, targetOf(workers, operation), { signal });
    const machines = worker && (await machineStateOf(seed, namespace, signal));
    const extensions = await Promise.all(
      [infrastructures, controlPlanes].map((resource) => extensionState(operation, resource)),
    );
    const { name, namespace: project = '' } = shoot.metadata;
    const found: ShootState = {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'ShootState',
      metadata: { name, namespace: project },
      spec: {
        gardener: [
          ...(await persistedSecrets(seed, namespace, signal)),
          ...(machines ? [machineStateData(machines)] : []),
        ],
        extensions: extensions.flat(),
      },
    };
    await createOrPatch(garden, shootStates, found.metadata, (kept) => withKept(kept, found), signal);
  },
};

async function extensionState<T extends ExtensionObject>(operation: Operation, resource: Resource<T>) {
  const target = targetOf(resource, operation);
  const found = await operation.seed.find(resource, target, operation);
  const state = found?.status?.state;
  return state === undefined ? [] : [{ kind: resource.kind, name: target.name, state }];
}

export const forgetWorker: FlowStep = {
  name: 'Deleting the Worker and the objects of its machines',
  async run(operation) {
    await deleteMigrated(waitingOf(operation), targetOf(workers, operation));
    await forgetMachines(operation.seed, operation.namespace, operation.signal);
  },
};

export const migrateControlPlane: FlowStep = {
  name: 'Migrating the ControlPlane',
  async run(operation) {
    await migrateExtension(waitingOf(operation), targetOf(controlPlanes, operation));
  },
};

export const migrateInfrastructure: FlowStep = {
  name: 'Migrating the Infrastructure',
  async run(operation) {
    await migrateExtension(waitingOf(operation), targetOf(infrastructures, operation));
  },
};

/** Authorities among them: what they signed stays valid. */
export const restoreSecrets: FlowStep = {
  name: 'Restoring the secrets of the Shoot',
  async run({ seed, namespace, shootState, signal }) {
    if (!shootState) return;
    for (const secret of secretsOf(shootState, namespace)) {
      await createOrPatch(seed, secrets, secret.metadata, (existing) => existing ?? secret, signal);
    }
  },
};
