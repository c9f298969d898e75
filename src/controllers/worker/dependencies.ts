import type { Worker } from '../../apis/extensions/worker.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Operation } from '../../providers/provider.ts';
import type { WorkerDriver } from '../../providers/worker.ts';
import type { ObservedMachines } from './availability.ts';
import type { MachineCaches } from './caches.ts';

export interface WorkerDependencies {
  /** Client of the seed. */
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly driver: WorkerDriver;
  readonly caches: MachineCaches;
}

/** A namespace has one Worker: all machine objects in it are this one's (gardener-contract 2.9). */
export function namespaceOf({ object }: Operation<Worker>): string {
  return object.metadata.namespace ?? '';
}

export function observe({ caches }: WorkerDependencies, namespace: string): ObservedMachines {
  return {
    deployments: caches.deployments.list(namespace),
    sets: caches.sets.list(namespace),
    machines: caches.machines.list(namespace),
  };
}

export function isHibernated({ cluster }: Operation<Worker>): boolean {
  return cluster.spec.shoot.spec.hibernation?.enabled ?? false;
}
