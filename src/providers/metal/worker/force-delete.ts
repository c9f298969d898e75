import type { Worker } from '../../../apis/extensions/worker.ts';
import type { Operation } from '../../provider.ts';
import { createAttempts } from '../attempts.ts';
import type { Scope } from '../infrastructure/scope.ts';
import type { Machine } from '../metal-api/types.ts';
import { CLUSTER_ID, isClusterTag, isTagOf } from '../tags.ts';
import { clusterScopeOf, readMetalApi, type WorkerDependencies } from './facts.ts';
import { letGoOfFirewalls } from './let-go.ts';

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
  await letGoOfFirewalls(operation, kube, async () => {});
  const { attempt, leave, report } = createAttempts(operation);
  const options = { signal, once: true };
  await attempt('machines and firewalls', async () => {
    const scope = clusterScopeOf(cluster);
    const { endpoint, credentials } = await readMetalApi(operation, scope, dependencies);
    const api = metalApis.client(endpoint, credentials);
    const query = { allocation_project: scope.projectID, tags: [`${CLUSTER_ID}=${scope.clusterID}`] };
    for (const machine of await api.findMachines(query, options)) {
      const what = `${machine.allocation?.role ?? 'machine'} ${machine.allocation?.hostname ?? ''} (${machine.id})`;
      if (!isWhollyOf(machine, scope)) leave(what, 'not freed, it is not only of this cluster');
      else if (await attempt(what, () => api.freeMachine(machine.id, options).then(() => true)))
        log.info({ what }, 'freed');
    }
  });
  report();
}

/** Everything that says whose it is says that it is this cluster's. */
export function isWhollyOf({ tags, allocation }: Machine, { projectID, clusterID }: Scope): boolean {
  const claims = tags.filter(isClusterTag);
  return allocation?.project === projectID && claims.length > 0 && claims.every((tag) => isTagOf(tag, clusterID));
}
