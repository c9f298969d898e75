import type { Worker } from '../../../apis/extensions/worker.ts';
import { type Firewall, firewallDeployments, firewalls } from '../../../apis/firewall/firewall.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { isOutdated, metadataPatch } from '../../../kube/finalizers.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Resource } from '../../../kube/resource.ts';
import { OperationError } from '../../errors.ts';
import type { Operation } from '../../provider.ts';
import { deleteWebhookConfigurations } from '../infrastructure/webhook-configurations.ts';
import { FIREWALL_FINALIZER } from './desired-firewall.ts';
import { isWebhookTrouble } from './firewall-manager.ts';
import { firewallResources, listOf } from './firewall-objects.ts';

const MAX_ROUNDS = 5;
const MAX_CONFLICTS = 50;

/**
 * Deletes the firewall objects so that firewall-controller-manager leaves the machines alone. `before` is given the
 * Firewalls that are about to go, and whether any object may have gone before. Rounds, because a controller that is in the
 * middle of its work may make another object.
 */
export async function letGoOfFirewalls(
  operation: Operation<Worker>,
  kube: KubeClient,
  before: (firewalls: readonly Firewall[], begun: boolean) => Promise<void>,
): Promise<void> {
  const { object, signal } = operation;
  const namespace = object.metadata.namespace ?? '';
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const held = await Promise.all(firewallResources.map((resource) => heldOf(kube, resource, namespace, signal)));
    if (held.every(({ length }) => length === 0)) return;
    const { items: deployments } = await listOf(kube, firewallDeployments, namespace, signal);
    const { items } = await listOf(kube, firewalls, namespace, signal);
    await before(items, !deployments.some(({ metadata }) => !metadata.deletionTimestamp));
    for (const [index, resource] of firewallResources.entries()) {
      for (const one of held[index] ?? []) await letGo(kube, resource, one, signal);
    }
  }
  throw new OperationError(
    'firewall objects are made anew while they are let go of, will try again; see the log of firewall-controller-manager',
    { retryAfterMs: 5_000 },
  );
}

/** Those that firewall-controller-manager would still act on. */
async function heldOf(kube: KubeClient, resource: Resource, namespace: string, signal: AbortSignal) {
  const { items } = await listOf(kube, resource, namespace, signal);
  return items.filter((object) => !isLetGo(object));
}

/** The garbage collector has the rest; a finalizer cannot come back on what is being deleted. */
function isLetGo({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes(FIREWALL_FINALIZER);
}

async function letGo(kube: KubeClient, resource: Resource, first: KubeObject, signal: AbortSignal): Promise<void> {
  let current: KubeObject | undefined = first;
  for (let conflicts = 0; current && !isLetGo(current); conflicts += 1) {
    try {
      return await tryLetGo(kube, resource, current, signal);
    } catch (error) {
      if (conflicts >= MAX_CONFLICTS) throw error;
      await overcome(error, kube, first.metadata.namespace ?? '', signal);
    }
    current = await kube.find(resource, first.metadata, { signal });
  }
}

/** Throws what another try would meet again. A webhook that is down, or finds fault, must not hold what has to go. */
async function overcome(error: unknown, kube: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  if (isWebhookTrouble(error)) await deleteWebhookConfigurations(kube, namespace, { signal });
  else if (!isOutdated(error) && !isNotFound(error)) throw error;
}

/**
 * firewall-controller-manager puts its finalizer back whenever it is missing, and frees the machine of what is deleted with
 * it: so the deletion is tied to the version that has none. Dependents are orphaned; they come next.
 */
async function tryLetGo(kube: KubeClient, resource: Resource, object: KubeObject, signal: AbortSignal): Promise<void> {
  const patch = metadataPatch(object, { removeFinalizers: [FIREWALL_FINALIZER] });
  const released = patch ? await kube.jsonPatch(resource, object.metadata, patch, { signal }) : object;
  const { uid, resourceVersion } = released.metadata;
  const preconditions = { uid, resourceVersion };
  await kube.delete(resource, object.metadata, { preconditions, propagationPolicy: 'Orphan', signal });
}
