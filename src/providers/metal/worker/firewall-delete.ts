import type { Worker } from '../../../apis/extensions/worker.ts';
import type { KubeClient, WatchEvent } from '../../../kube/client.ts';
import { startDeadline } from '../../../kube/deadline.ts';
import { isExpired } from '../../../kube/errors.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Resource } from '../../../kube/resource.ts';
import { OperationError } from '../../errors.ts';
import type { Operation, ProviderDependencies } from '../../provider.ts';
import { managerTrouble } from './firewall-manager.ts';
import { firewallResources, listOf } from './firewall-objects.ts';

type Dependencies = Pick<ProviderDependencies, 'kube' | 'clock'>;

/** To free a machine takes seconds; what takes longer is told, and waited for again. */
const WAIT_MS = 2 * 60_000;
const AGAIN_MS = 5_000;

/** firewall-controller-manager frees the machines: it runs until the ControlPlane is deleted, which comes later. */
export async function deleteFirewalls(operation: Operation<Worker>, dependencies: Dependencies): Promise<void> {
  for (const resource of firewallResources) await deleteAll(operation, resource, dependencies);
}

async function deleteAll(operation: Operation<Worker>, resource: Resource, dependencies: Dependencies): Promise<void> {
  const { object, signal } = operation;
  const { kube, clock } = dependencies;
  const namespace = object.metadata.namespace ?? '';
  const { items } = await listOf(kube, resource, namespace, signal);
  if (items.length === 0) return;
  for (const { metadata } of items) {
    if (!metadata.deletionTimestamp) await kube.delete(resource, metadata, { signal });
  }
  operation.progress(`Waiting until ${resource.plural} are gone`, 90);
  const late = new Error('late');
  await operation.pause(async (pauseSignal) => {
    const deadline = startDeadline(clock, WAIT_MS, () => late, pauseSignal);
    try {
      await untilNone(kube, resource, namespace, deadline.signal);
    } catch (error) {
      throw error === late ? await stillThere(kube, resource, namespace, pauseSignal) : error;
    } finally {
      deadline.end();
    }
  });
}

async function untilNone(kube: KubeClient, resource: Resource, namespace: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { items, resourceVersion } = await listOf(kube, resource, namespace, signal);
    if (items.length === 0) return;
    try {
      const names = new Set(items.map(({ metadata }) => metadata.name));
      await watchUntilNone(kube.watch(resource, { namespace, resourceVersion, timeoutSeconds: 60, signal }), names);
    } catch (error) {
      if (!isExpired(error)) throw error;
    }
  }
}

/** Returns also when the watch ends. */
async function watchUntilNone(events: AsyncIterable<WatchEvent<KubeObject>>, names: Set<string>): Promise<void> {
  for await (const { type, object } of events) {
    if (type === 'ADDED') names.add(object.metadata.name);
    if (type === 'DELETED') names.delete(object.metadata.name);
    if (names.size === 0) return;
  }
}

async function stillThere(
  kube: KubeClient,
  resource: Resource,
  namespace: string,
  signal: AbortSignal,
): Promise<OperationError> {
  const { items } = await listOf(kube, resource, namespace, signal);
  const names = items.map(({ metadata }) => metadata.name).join(', ');
  const trouble = await managerTrouble(kube, namespace, signal);
  const advice = trouble
    ? `${trouble}. Only it frees their machines; if it cannot be brought back, free the firewalls at metal-api and remove ` +
      'the finalizers of the firewall objects'
    : 'firewall-controller-manager is at it: see its log and events';
  return new OperationError(`deletion of ${resource.kind} ${names} is still ongoing. ${advice}`, {
    codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
    retryAfterMs: AGAIN_MS,
  });
}
