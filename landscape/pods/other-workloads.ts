import { createInformer } from '../../src/kube/informer.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import type { WorkloadStatus } from './deployment.ts';
import type { PodsContext } from './run.ts';
import { daemonSetStatus, statefulSetStatus, statusPatch } from './status.ts';

interface Workload extends KubeObject {
  spec: { replicas?: number };
  status?: WorkloadStatus;
}

const daemonSets = defineResource<Workload>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  namespaced: true,
});

const statefulSets = defineResource<Workload>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  namespaced: true,
});

/** Nothing of a kind is run; its status says that all is well. Resolves when the signal is aborted. */
async function keepStatus(
  { client, log, clock, serves, signal }: PodsContext,
  resource: Resource<Workload>,
  statusOf: (object: Workload) => WorkloadStatus,
): Promise<void> {
  const informer = createInformer({ client, resource, log, clock });
  informer.subscribe((event) => {
    const { object } = event;
    if (event.type === 'delete' || !serves(object.metadata.namespace ?? '')) return;
    const patch = statusPatch(object.status, statusOf(object));
    if (!patch) return;
    const { namespace, name } = object.metadata;
    client
      .mergePatch(resource, object.metadata, patch, { subresource: 'status', signal })
      .catch((error: unknown) => log.warn({ err: error, namespace, name }, 'Status could not be written'));
  });
  await informer.run(signal);
}

export async function keepOtherWorkloads(context: PodsContext): Promise<void> {
  await Promise.all([
    keepStatus(context, daemonSets, ({ metadata }) => daemonSetStatus(metadata.generation)),
    keepStatus(context, statefulSets, ({ metadata, spec }) => statefulSetStatus(metadata.generation, spec.replicas)),
  ]);
}
