import { createHash } from 'node:crypto';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { ensureObject } from '../control-plane/ensure-object.ts';
import { type Deployment, replicasOf, type WorkloadStatus } from './deployment.ts';
import type { Container } from './pod-spec.ts';
import { statusPatch } from './status.ts';

interface Pod extends KubeObject {
  spec: { readonly containers: readonly Pick<Container, 'name' | 'image'>[] };
  status?: WorkloadStatus;
}

const pods = defineResource<Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true });

const HASH_LABEL = 'pod-template-hash';

/** Changes with everything that a pod is started from. */
export function templateHash({ metadata, spec }: Deployment): string {
  const identity = JSON.stringify([metadata.uid, spec.template]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 10);
}

/** `index`: of the replica; the process that runs for all of them has the first one's name. */
export const podName = (deployment: string, hash: string, index = 0): string => `${deployment}-${hash}-${index}`;

function podObject(deployment: Deployment, index: number): Pod {
  const { metadata, spec } = deployment;
  const { name, namespace = '', uid = '' } = metadata;
  const hash = templateHash(deployment);
  return {
    metadata: {
      name: podName(name, hash, index),
      namespace,
      labels: { ...spec.template.metadata?.labels, [HASH_LABEL]: hash },
      annotations: { ...spec.template.metadata?.annotations },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { containers: spec.template.spec.containers.map(({ name, image }) => ({ name, image })) },
  };
}

/** With the empty values that the API server adds, so that nothing differs. */
const podStatus = ({ spec }: Pod, ready: boolean): WorkloadStatus => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  containerStatuses: spec.containers.map(({ name, image }) => ({
    ...{ name, image, imageID: '', ready, restartCount: 0 },
    ...{ state: { running: { startedAt: null } }, lastState: {} },
  })),
});

/**
 * Pod objects for a Deployment, as many as wanted, and those of templates that still run (`hashes`): Gardener counts them
 * to see whether a roll-out has ended. No node has them, so they are gone as soon as they are deleted.
 */
export async function syncPodObjects(
  client: KubeClient,
  deployment: Deployment,
  { isReady, hashes }: { readonly isReady: boolean; readonly hashes: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const { namespace } = deployment.metadata;
  const selector = Object.entries(deployment.spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const wanted = new Map(
    Array.from({ length: replicasOf(deployment) }, (_, index) => podObject(deployment, index)).map((pod) => [
      pod.metadata.name,
      pod,
    ]),
  );
  const { items } = await client.list(pods, { namespace, labelSelector: selector.join(','), signal });
  const own = items.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === deployment.metadata.uid);
  const stillRuns = ({ metadata }: Pod): boolean => {
    const hash = metadata.labels?.[HASH_LABEL] ?? '';
    return hash !== templateHash(deployment) && hashes.includes(hash);
  };
  for (const { metadata } of own.filter((pod) => !stillRuns(pod))) {
    if (!wanted.has(metadata.name)) await client.delete(pods, metadata, { signal, gracePeriodSeconds: 0 });
  }
  for (const pod of wanted.values()) {
    const existing = own.find(({ metadata }) => metadata.name === pod.metadata.name);
    if (!existing) await ensureObject(client, pods, pod, signal);
    const patch = statusPatch(existing?.status, podStatus(pod, isReady));
    if (patch) await client.mergePatch(pods, pod.metadata, patch, { subresource: 'status', signal });
  }
}
