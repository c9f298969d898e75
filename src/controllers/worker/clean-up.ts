import type { Worker } from '../../apis/extensions/worker.ts';
import { machineClasses, machineDeployments } from '../../apis/machine/machine.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import { secrets } from '../../kube/secret.ts';
import type { Operation } from '../../providers/provider.ts';
import { failedMachinesOf } from './availability.ts';
import { namespaceOf, type WorkerDependencies } from './dependencies.ts';
import { atOnce } from './deploy.ts';
import { replicasOfManager } from './machine-controller-manager.ts';
import { failureOf, waitFor } from './wait.ts';
import type { WantedDeployment } from './wanted.ts';

const timeoutMs = 15 * 60_000;

export function unwantedDeployments(
  namespace: string,
  wanted: readonly WantedDeployment[],
  { caches }: WorkerDependencies,
): readonly string[] {
  const names = new Set(wanted.map(({ name }) => name));
  return caches.deployments
    .list(namespace)
    .flatMap(({ metadata }) => (names.has(metadata.name) ? [] : [metadata.name]));
}

/** Takes away what no pool needs any more, when the machines that take its place are there. */
export async function cleanUp(
  operation: Operation<Worker>,
  wanted: readonly WantedDeployment[],
  dependencies: WorkerDependencies,
): Promise<void> {
  const { kube, caches } = dependencies;
  const namespace = namespaceOf(operation);
  const classes = new Set(wanted.map(({ className }) => className));
  const deployments = unwantedDeployments(namespace, wanted, dependencies);
  const remove = (resource: Resource, objects: readonly KubeObject[]) =>
    forEachBounded(
      objects.filter(({ metadata }) => !metadata.deletionTimestamp),
      atOnce,
      ({ metadata: { name } }) => kube.delete(resource, { namespace, name }, { signal: operation.signal }),
    );
  const isUnused = ({ metadata }: KubeObject) => !classes.has(metadata.name);
  await remove(
    machineDeployments,
    deployments.flatMap((name) => caches.deployments.get({ namespace, name }) ?? []),
  );
  await remove(machineClasses, caches.classes.list(namespace).filter(isUnused));
  await remove(secrets, caches.secrets.list(namespace).filter(isUnused));
  if (deployments.length > 0) await waitUntilGone(operation, deployments, dependencies);
}

async function waitUntilGone(
  operation: Operation<Worker>,
  names: readonly string[],
  dependencies: WorkerDependencies,
): Promise<void> {
  const { kube, caches, driver } = dependencies;
  const namespace = namespaceOf(operation);
  if (!(await replicasOfManager(kube, namespace, operation.signal))) return;
  const check = () => {
    const left = caches.deployments.list(namespace).filter(({ metadata }) => names.includes(metadata.name));
    const failed = failedMachinesOf(left).filter(({ lastOperation }) => lastOperation?.type === 'Delete');
    if (failed.length > 0) throw failureOf(failed, (description) => driver.codesOf(description));
    const shown = left.map(({ metadata, status }) => `${metadata.name} (${status?.replicas ?? 0} machine(s))`);
    return left.length > 0 ? { text: `Waiting for pools to go: ${shown.join(', ')}`, percent: 85 } : undefined;
  };
  await waitFor(operation, dependencies, { check, timeoutMs });
}
