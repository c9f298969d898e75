import type { Worker } from '../../../apis/extensions/worker.ts';
import { type Firewall, firewallDeployments, firewalls } from '../../../apis/firewall/firewall.ts';
import { SHOOT_FIREWALL } from '../../../apis/firewall/firewall-deployment.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../../kube/errors.ts';
import { OperationError } from '../../errors.ts';
import type { Operation } from '../../provider.ts';
import { desiredFirewallDeployment, firewallPatch } from './desired-firewall.ts';
import type { Facts } from './facts.ts';
import { requireWebhooks, webhookProblem } from './firewall-manager.ts';
import { firewallsOf } from './firewall-state.ts';

const MAX_ATTEMPTS = 10;

/**
 * Brings the FirewallDeployment about. Where there is none, the Firewalls of the state come first: after a move from
 * another seed, or one that hibernation cut short, firewall-controller-manager then finds the machines that exist.
 */
export async function ensureFirewallDeployment(
  operation: Operation<Worker>,
  facts: Facts,
  kube: KubeClient,
): Promise<void> {
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (await tryEnsure(operation, facts, kube)) return;
    }
  } catch (error) {
    throw webhookProblem(error);
  }
  throw new OperationError(
    `FirewallDeployment ${SHOOT_FIREWALL} changes too often to be written; its managedFields tell by whom`,
    {
      retryAfterMs: 5_000,
    },
  );
}

/** False when another writer came first. */
async function tryEnsure(operation: Operation<Worker>, facts: Facts, kube: KubeClient): Promise<boolean> {
  const { signal, log } = operation;
  const key = { namespace: facts.namespace, name: SHOOT_FIREWALL };
  const existing = await kube.find(firewallDeployments, key, { signal });
  if (existing?.metadata.deletionTimestamp) {
    throw stillGoing(`FirewallDeployment ${SHOOT_FIREWALL}`);
  }
  try {
    if (existing) {
      const patch = firewallPatch(facts, existing);
      if (!patch) return true;
      await kube.mergePatch(firewallDeployments, key, patch, { signal });
      log.info({ firewallDeployment: SHOOT_FIREWALL }, 'firewall changed');
    } else {
      const desired = desiredFirewallDeployment(facts);
      await requireWebhooks(kube, facts.namespace, signal);
      await restoreFirewalls(operation, facts, kube);
      await kube.create(firewallDeployments, desired, { signal });
      log.info({ firewallDeployment: SHOOT_FIREWALL }, 'firewall created');
    }
    return true;
  } catch (error) {
    if (isConflict(error) || isAlreadyExists(error) || (existing && isNotFound(error))) return false;
    throw error;
  }
}

async function restoreFirewalls(
  { signal, log }: Operation<Worker>,
  { namespace, notedState }: Facts,
  kube: KubeClient,
): Promise<void> {
  for (const stored of firewallsOf(notedState)) {
    const metadata = { ...stored.metadata, namespace };
    const firewall: Firewall = { ...stored, metadata };
    try {
      await kube.create(firewalls, firewall, { signal });
      log.info({ firewall: metadata.name }, 'firewall restored');
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const present = await kube.find(firewalls, metadata, { signal });
      if (!present || present.metadata.deletionTimestamp) throw stillGoing(`Firewall ${metadata.name}`);
    }
  }
}

function stillGoing(what: string): OperationError {
  return new OperationError(`${what} is being deleted: it is made anew once it is gone`, { retryAfterMs: 10_000 });
}
