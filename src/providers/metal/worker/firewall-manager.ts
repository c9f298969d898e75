import type { Worker } from '../../../apis/extensions/worker.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { type Clock, sleep } from '../../../kube/clock.ts';
import { deployments } from '../../../kube/deployment.ts';
import { ApiError } from '../../../kube/errors.ts';
import { OperationError } from '../../errors.ts';
import type { Operation } from '../../provider.ts';
import { webhookConfigurations } from '../infrastructure/webhook-configurations.ts';

const NAME = 'firewall-controller-manager';
const SOON_MS = 5_000;
const POLL_MS = 500;
const PATIENCE_MS = 60_000;

/** firewall-controller-manager is on its way: gardener-resource-manager has it, or it has just started. */
class ManagerStartsError extends OperationError {}

/** Whether firewall-controller-manager does its work, and if not, what a person should know of it. */
export async function managerTrouble(
  kube: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deployment = await kube.find(deployments, { namespace, name: NAME }, { signal });
  if (!deployment) return `Deployment ${NAME} does not exist: reconcile the ControlPlane, which deploys it`;
  const { replicas = 0, readyReplicas = 0, observedGeneration = 0 } = deployment.status ?? {};
  if (deployment.spec?.replicas === 0) return `Deployment ${NAME} is scaled to zero`;
  const isReady =
    replicas > 0 && replicas === readyReplicas && observedGeneration >= (deployment.metadata.generation ?? 0);
  return isReady ? undefined : `Deployment ${NAME} has ${readyReplicas} of ${replicas} replicas ready`;
}

/**
 * Right after the ControlPlane, firewall-controller-manager takes a moment: it is waited for, and only what lasts longer is
 * an error.
 * @param patienceMs 60 s when absent
 */
export async function whenManagerAnswers<R>(
  { progress, pause }: Pick<Operation<Worker>, 'progress' | 'pause'>,
  { clock, patienceMs = PATIENCE_MS }: { readonly clock: Clock; readonly patienceMs?: number | undefined },
  work: () => Promise<R>,
): Promise<R> {
  const end = clock.monotonic() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ManagerStartsError) || clock.monotonic() >= end) throw error;
    }
    progress('Waiting for firewall-controller-manager', 10);
    await pause((signal) => sleep(clock, POLL_MS, signal));
  }
}

/** @throws OperationError while firewall-controller-manager could not take up what is created for it */
export async function requireManager(kube: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  const trouble = await managerTrouble(kube, namespace, signal);
  if (trouble) throw notYet(`firewalls wait for firewall-controller-manager: ${trouble}`);
}

/**
 * Without its registration, a new FirewallDeployment would be stored as it is, with nothing filled in.
 * @throws OperationError while there is none
 */
export async function requireWebhooks(kube: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  const [mutating] = webhookConfigurations;
  const name = `${NAME}-${namespace}`;
  if (await kube.find(mutating, { name }, { signal })) return;
  throw notYet(
    `${mutating.kind} ${name} of firewall-controller-manager is not yet present: the ControlPlane brings it. ` +
      'If this stays, look at ManagedResource extension-controlplane-seed',
  );
}

const soon = { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'], retryAfterMs: SOON_MS } as const;
const isDown = (message: string) => message.includes('failed calling webhook');
const isDenied = (message: string) => /admission webhook .* denied/.test(message);

/** Its rights and its namespace in the shoot come by another ManagedResource, its token a moment later. */
const lacksAccess = (message: string) => /is forbidden: User|namespaces? .* not found|no token/.test(message);

/** A webhook refused, or could not be asked. */
export function isWebhookTrouble(error: unknown): error is ApiError {
  return error instanceof ApiError && (isDown(error.message) || isDenied(error.message));
}

/** Words for what the webhooks of firewall-controller-manager did; every other error passes unchanged. */
export function webhookProblem(error: unknown): unknown {
  if (!isWebhookTrouble(error)) return error;
  if (isDown(error.message)) return notYet(`firewall-controller-manager does not answer yet: ${error.message}`, error);
  if (lacksAccess(error.message)) {
    return notYet(`firewall-controller-manager has no access to the shoot yet: ${error.message}`, error);
  }
  return new OperationError(`firewall-controller-manager refuses the firewall: ${error.message}`, {
    ...soon,
    cause: error,
  });
}

function notYet(message: string, cause?: unknown): OperationError {
  return new ManagerStartsError(message, { ...soon, cause });
}
