import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { workers } from '../../../apis/extensions/resources.ts';
import { OperationError } from '../../errors.ts';
import type { Operation, Outcome } from '../../provider.ts';
import { type Attempts, createAttempts } from '../attempts.ts';
import { metalApiOf } from './access.ts';
import type { InfrastructureDependencies } from './reconcile.ts';
import { ipSteps, networkSteps, type Step } from './release.ts';
import { configOf, scopeOf } from './scope.ts';
import { deleteWebhookConfigurations } from './webhook-configurations.ts';

/** Longer than the Worker waits for others; after that, what should be gone is not waited for. */
const PATIENCE_MS = 10 * 60_000;

/** Releases what it can with one try for each thing, and reports what is left. Trouble with metal-api does not stop it. */
export async function forceDelete(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
): Promise<Outcome<Infrastructure>> {
  await requireNoWorker(operation, dependencies);
  const attempts = createAttempts(operation);
  await release(operation, dependencies, attempts);
  const { object, signal } = operation;
  await deleteWebhookConfigurations(dependencies.kube, object.metadata.namespace ?? '', { signal });
  attempts.report();
  return {};
}

/**
 * gardenlet deletes all extension objects at once by force, and a network is not freed while machines use it: the Worker
 * frees these.
 */
async function requireNoWorker(
  { object, signal }: Operation<Infrastructure>,
  { kube, clock }: InfrastructureDependencies,
): Promise<void> {
  const { namespace, deletionTimestamp = '' } = object.metadata;
  // NaN without a timestamp: then nobody is deleting it.
  if (!(clock.now() - Date.parse(deletionTimestamp) < PATIENCE_MS)) return;
  const { items } = await kube.list(workers, { namespace, signal });
  if (items.length === 0) return;
  throw new OperationError('force deletion waits until the Worker is gone, because its machines use the network', {
    retryAfterMs: 2_000,
  });
}

async function release(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
  { attempt }: Attempts,
): Promise<void> {
  const options = { signal: operation.signal, once: true };
  const access = await attempt('IPs and networks', async () => {
    const scope = scopeOf(configOf(operation.object), operation.cluster);
    return { scope, api: await metalApiOf(operation, scope, dependencies) };
  });
  if (!access) return;
  const { api, scope } = access;
  const runAll = async (steps: readonly Step[] = []) => {
    for (const step of steps) await attempt(step.what, () => step.run());
  };
  await runAll(await attempt('IPs of the cluster', () => ipSteps(api, scope, options)));
  await runAll(await attempt('networks of the cluster', () => networkSteps(api, scope, options)));
}
