import { createInformer } from '../../src/kube/informer.ts';
import { type KubeObject, keyOf } from '../../src/kube/object.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import { createKeyed } from '../gardenlet/keyed.ts';
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
  const keyed = createKeyed({
    async run(key, ended) {
      const object = informer.get(key);
      const patch = object && statusPatch(object.status, statusOf(object));
      if (patch) await client.mergePatch(resource, object.metadata, patch, { subresource: 'status', signal: ended });
    },
    backoff: { baseMs: 200, maxMs: 10_000 },
    onError: (key, error) => log.warn({ workload: key, err: error }, 'Status could not be written'),
    ...{ clock, signal },
  });
  informer.subscribe(({ object }) => {
    if (serves(object.metadata.namespace ?? '')) keyed.trigger(keyOf(object.metadata));
  });
  await informer.run(signal);
  await keyed.drained();
}

export async function keepOtherWorkloads(context: PodsContext): Promise<void> {
  await Promise.all([
    keepStatus(context, daemonSets, ({ metadata }) => daemonSetStatus(metadata.generation)),
    keepStatus(context, statefulSets, ({ metadata, spec }) => statefulSetStatus(metadata.generation, spec.replicas)),
  ]);
}
