import { isNotFound } from '../../../src/kube/errors.ts';
import { coreEvents } from '../../../src/kube/event-resource.ts';
import { leases } from '../../../src/kube/lease.ts';
import { keyOf } from '../../../src/kube/object.ts';
import { defineResource, type Resource } from '../../../src/kube/resource.ts';
import type { FlowStep, Operation } from '../context.ts';
import { StepError } from '../error-codes.ts';
import { createOrPatch } from '../merge.ts';
import { controlPlaneNamespace } from '../namespace.ts';
import { configMaps, finalizeSubresource, namespaces, secrets, serviceAccounts } from '../resources.ts';

export const deployNamespace: FlowStep = {
  name: 'Deploying the control-plane namespace',
  async run({ seed, namespace, shoot, seedObject, signal }) {
    const result = await createOrPatch(
      seed,
      namespaces,
      { name: namespace },
      (existing) => controlPlaneNamespace(namespace, shoot, seedObject, existing),
      signal,
    );
    if (result.metadata.deletionTimestamp) throw new StepError(`namespace ${namespace} is still being deleted`);
  },
};

/** What may be in a control-plane namespace of this landscape. Extension objects are not among them: they must be gone. */
const contents: readonly Resource[] = [
  secrets,
  configMaps,
  serviceAccounts,
  coreEvents,
  defineResource({ group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true }),
  leases,
];

/**
 * Deletes the namespace with what is in it. Where there are control planes, kube-controller-manager empties it. Elsewhere
 * no namespace controller runs, so its work is done here: contents first, then the finalizer `kubernetes` is taken off
 * through the finalize subresource.
 */
export const deleteNamespace: FlowStep = {
  name: 'Deleting the control-plane namespace',
  async run(operation) {
    const { seed, namespace, shootApi, signal } = operation;
    await seed.delete(namespaces, { name: namespace }, { signal });
    if (shootApi) return;
    for (const resource of contents) await seed.deleteCollection(resource, { namespace, signal }, { signal });
    await finalizeNamespace(operation);
  },
};

async function finalizeNamespace({ seed, namespace, signal }: Operation): Promise<void> {
  const found = await seed.find(namespaces, { name: namespace }, { signal });
  if (!found) return;
  const finalized = { ...found, spec: { ...found.spec, finalizers: [] } };
  try {
    await seed.replace(namespaces, finalized, { subresource: finalizeSubresource, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

export const waitNamespaceDeleted: FlowStep = {
  name: 'Waiting until the control-plane namespace is gone',
  async run(operation) {
    const { seed, namespace, shootApi, signal, clock, bell, wait } = operation;
    const start = clock.monotonic();
    for (;;) {
      const found = await seed.find(namespaces, { name: namespace }, { signal });
      if (!found) return;
      if (clock.monotonic() - start > wait.timeoutMs) throw new StepError(`namespace ${namespace} does not go away`);
      const key = keyOf({ name: namespace });
      await bell.wait(key, bell.count(key), 1_000, signal);
      if (!shootApi) await finalizeNamespace(operation);
    }
  },
};
