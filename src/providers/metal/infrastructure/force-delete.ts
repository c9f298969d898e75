import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { Operation, Outcome } from '../../provider.ts';
import { type Attempts, createAttempts } from '../attempts.ts';
import { metalApiOf } from './access.ts';
import type { InfrastructureDependencies } from './reconcile.ts';
import { ipSteps, networkSteps, type Step } from './release.ts';
import { configOf, scopeOf } from './scope.ts';
import { deleteWebhookConfigurations } from './webhook-configurations.ts';

/** Releases what it can with one try for each thing, and reports what is left. Trouble with metal-api does not stop it. */
export async function forceDelete(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
): Promise<Outcome<Infrastructure>> {
  const attempts = createAttempts(operation);
  await release(operation, dependencies, attempts);
  const { object, signal } = operation;
  await deleteWebhookConfigurations(dependencies.kube, object.metadata.namespace ?? '', { signal });
  attempts.report();
  return {};
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
