import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { OperationError } from '../../errors.ts';
import type { Operation, Outcome } from '../../provider.ts';
import { toOperationError } from '../errors.ts';
import { metalApiOf } from './access.ts';
import type { InfrastructureDependencies } from './reconcile.ts';
import { ipSteps, networkSteps, type Step } from './release.ts';
import { configOf, scopeOf } from './scope.ts';
import { deleteWebhookConfigurations } from './webhook-configurations.ts';

type Attempt = <T>(what: string, run: () => Promise<T>) => Promise<T | undefined>;

/** Releases what it can with one try for each thing, and reports what is left. Trouble with metal-api does not stop it. */
export async function forceDelete(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
): Promise<Outcome<Infrastructure>> {
  const { signal } = operation;
  const left: string[] = [];
  const attempt: Attempt = async (what, run) => {
    try {
      return await run();
    } catch (thrown) {
      const error = toOperationError(thrown);
      if (!(error instanceof OperationError) || signal.aborted) throw error;
      left.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  await release(operation, dependencies, attempt);
  await deleteWebhookConfigurations(dependencies.kube, operation.object.metadata.namespace ?? '', { signal });
  if (left.length > 0) report(operation, left);
  return {};
}

async function release(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
  attempt: Attempt,
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

const MAX_MESSAGE = 1000;

function report({ object, cluster, event, log }: Operation<Infrastructure>, left: readonly string[]): void {
  const clusterID = cluster.spec.shoot.metadata.uid;
  log.error({ infrastructure: object.metadata.name, clusterID, left }, 'force deletion left something behind');
  const text = `Left behind in metal-api, cluster id ${clusterID}: ${left.join('; ')}`;
  event('Warning', 'NotReleased', text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 3)}...` : text);
}
