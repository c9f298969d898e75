import type { Worker } from '../../../apis/extensions/worker.ts';
import { deployments } from '../../../kube/deployment.ts';
import { OperationError } from '../../errors.ts';
import type { Operation } from '../../provider.ts';
import { createAttempts } from '../attempts.ts';
import type { Scope } from '../infrastructure/scope.ts';
import type { Machine } from '../metal-api/types.ts';
import { CLUSTER_ID, isClusterTag, isTagOf } from '../tags.ts';
import { clusterScopeOf, readMetalApi, type WorkerDependencies } from './facts.ts';
import { letGoOfFirewalls } from './let-go.ts';

/** gardenlet deletes it in a force deletion, at the same time as the Worker. */
const MACHINE_MANAGER = 'machine-controller-manager';
/** Longer than gardenlet takes; after that, what should be gone is not waited for. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Releases machines and firewalls without those who would normally do it. The objects go first: a controller that is still
 * there would replace what is freed under its eyes.
 */
export async function forceDeleteMachines(
  operation: Operation<Worker>,
  dependencies: WorkerDependencies,
): Promise<void> {
  const { kube, metalApis } = dependencies;
  const { cluster, signal, log } = operation;
  await requireNoMachineManager(operation, dependencies);
  await letGoOfFirewalls(operation, kube, async () => {});
  const { attempt, leave, report } = createAttempts(operation);
  const options = { signal, once: true };
  await attempt('machines and firewalls', async () => {
    const scope = clusterScopeOf(cluster);
    const { endpoint, credentials } = await readMetalApi(operation, scope, dependencies);
    const api = metalApis.client(endpoint, credentials);
    const query = { allocation_project: scope.projectID, tags: [`${CLUSTER_ID}=${scope.clusterID}`] };
    // Looks once more: another may have freed it meanwhile, and metal-api gives hardware to the next one at once.
    const free = async ({ id, allocation }: Machine) => {
      const hostname = allocation?.hostname ? { allocation_hostname: allocation.hostname } : {};
      const found = await api.findMachines({ ...query, ...hostname }, options);
      if (!found.some((one) => one.id === id && isWhollyOf(one, scope))) return false;
      await api.freeMachine(id, options);
      return true;
    };
    for (const machine of await api.findMachines(query, options)) {
      const what = `${machine.allocation?.role ?? 'machine'} ${machine.allocation?.hostname ?? ''} (${machine.id})`;
      if (!isWhollyOf(machine, scope)) leave(what, 'not freed, it is not only of this cluster');
      else if (await attempt(what, () => free(machine))) log.info({ what }, 'freed');
    }
  });
  report();
}

async function requireNoMachineManager(
  operation: Operation<Worker>,
  { kube, clock }: WorkerDependencies,
): Promise<void> {
  const { namespace, deletionTimestamp = '' } = operation.object.metadata;
  // NaN without a timestamp: then nobody is deleting it.
  if (!(clock.now() - Date.parse(deletionTimestamp) < PATIENCE_MS)) return;
  const found = await kube.find(deployments, { namespace, name: MACHINE_MANAGER }, { signal: operation.signal });
  if (!found) return;
  throw new OperationError(
    `force deletion waits until Deployment ${MACHINE_MANAGER} is gone, because it would replace the machines that are freed; gardenlet deletes it`,
    { retryAfterMs: 5_000 },
  );
}

/** Everything that says whose it is says that it is this cluster's. */
export function isWhollyOf({ tags, allocation }: Machine, { projectID, clusterID }: Scope): boolean {
  const claims = tags.filter(isClusterTag);
  return allocation?.project === projectID && claims.length > 0 && claims.every((tag) => isTagOf(tag, clusterID));
}
