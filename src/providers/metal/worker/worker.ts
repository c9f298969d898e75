import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { Worker } from '../../../apis/extensions/worker.ts';
import { firewalls } from '../../../apis/firewall/firewall.ts';
import type { Operation } from '../../provider.ts';
import type { WorkerDriver } from '../../worker.ts';
import { toOperationError } from '../errors.ts';
import { createFactsReader, type WorkerDependencies } from './facts.ts';
import { deleteFirewalls } from './firewall-delete.ts';
import { ensureFirewallDeployment } from './firewall-ensure.ts';
import { requireManager, whenManagerAnswers } from './firewall-manager.ts';
import { listOf } from './firewall-objects.ts';
import { forceDeleteMachines } from './force-delete.ts';
import { overriddenHash } from './hash-override.ts';
import { keepState, keepStateOfMove } from './keep-state.ts';
import { letGoOfFirewalls } from './let-go.ts';
import { codesOfMachineError } from './machine-errors.ts';
import { workerPlan } from './plan.ts';

type Run<R> = (operation: Operation<Worker>) => Promise<R>;

/**
 * Worker of `metal`: the classes of the machines, and the firewall in front of them. The firewall is here and not with the
 * Infrastructure because firewall-controller-manager comes with the ControlPlane (metal-provider 3.4).
 */
export function createMetalWorker(dependencies: WorkerDependencies): WorkerDriver {
  const { kube } = dependencies;
  const factsOf = createFactsReader(dependencies);
  return {
    beforeReconcile: bordered(async (operation) => {
      if (hasNoFirewallWork(operation)) return;
      const facts = await factsOf(operation);
      await whenManagerAnswers(operation, dependencies, () => ensureFirewallDeployment(operation, facts, kube));
    }),
    plan: bordered(async (operation) => workerPlan(await factsOf(operation))),
    hash: ({ cluster }, deployment, pool, computed, existing) =>
      overriddenHash(cluster, { deployment, pool: pool.name }, computed, existing),
    afterReconcile: bordered(async (operation) => {
      if (hasNoFirewallWork(operation)) return;
      const { object, signal } = operation;
      const { items } = await listOf(kube, firewalls, object.metadata.namespace ?? '', signal);
      const { notedState } = await factsOf(operation);
      await keepState(operation, kube, items, notedState);
    }),
    afterDeletion: bordered((operation) => deleteFirewalls(operation, dependencies)),
    forceDelete: bordered((operation) => forceDeleteMachines(operation, dependencies)),
    migrate: bordered((operation) =>
      letGoOfFirewalls(operation, kube, (firewalls, begun) => keepStateOfMove(operation, kube, firewalls, begun)),
    ),
    beforeRestore: bordered(async (operation) => {
      if (hasNoFirewallWork(operation)) return;
      const { object, signal } = operation;
      const facts = await factsOf(operation);
      await whenManagerAnswers(operation, dependencies, async () => {
        await requireManager(kube, object.metadata.namespace ?? '', signal);
        await ensureFirewallDeployment(operation, facts, kube);
      });
    }),
    codesOf: codesOfMachineError,
  };
}

function bordered<R>(run: Run<R>): Run<R> {
  return async (operation) => {
    try {
      return await run(operation);
    } catch (error) {
      throw toOperationError(error);
    }
  };
}

/** While a cluster sleeps, so does firewall-controller-manager: what is missing is made good when it wakes. */
function hasNoFirewallWork({ object, cluster }: Operation<Worker>): boolean {
  return object.metadata.deletionTimestamp !== undefined || isHibernated(cluster);
}

/** The hibernation has been carried out, and no waking up is asked for. */
function isHibernated(cluster: Cluster): boolean {
  const { spec, status } = cluster.spec.shoot;
  return spec.hibernation?.enabled === true && status?.hibernated === true;
}
