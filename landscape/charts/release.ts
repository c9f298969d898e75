import type { KubeClient } from '../../src/kube/client.ts';
import { deployments } from '../pods/deployment.ts';
import { poll } from '../processes/poll.ts';
import type { Helm } from './helm.ts';

export interface Release {
  /** Directory. */
  readonly chart: string;
  readonly namespace: string;
  /** Of its Deployment and its ServiceAccount as well. */
  readonly name: string;
  readonly values: object;
}

/** The namespace has to be there. */
export async function installRelease(helm: Helm, { chart, namespace, name, values }: Release): Promise<void> {
  await helm.run('install', name, chart, '--namespace', namespace, ...(await helm.values(values)));
}

/** Resolves when the pods of the Deployment are those of its template, and available; `signal` ends the wait. */
export async function untilReady(
  client: KubeClient,
  { namespace, name }: Pick<Release, 'namespace' | 'name'>,
  signal?: AbortSignal,
): Promise<void> {
  await poll(
    async (attempt) => {
      const { metadata, spec, status } = await client.get(deployments, { namespace, name }, { signal: attempt });
      const { observedGeneration, replicas, updatedReplicas, availableReplicas } = status ?? {};
      const counts = [replicas, updatedReplicas, availableReplicas];
      return observedGeneration === metadata.generation && counts.every((count) => count === (spec.replicas ?? 1));
    },
    { what: name, timeoutMs: 60_000, signal },
  );
}
