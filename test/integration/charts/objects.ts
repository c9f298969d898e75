import { createOrPatch } from '../../../landscape/gardenlet/merge.ts';
import { namespaces } from '../../../landscape/gardenlet/resources.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { defineResource } from '../../../src/kube/resource.ts';

export async function ensureNamespace(
  client: KubeClient,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await createOrPatch(client, namespaces, { name }, () => namespace, AbortSignal.timeout(10_000));
}

const priorityClasses = defineResource<KubeObject & { value?: number }>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  namespaced: false,
});

/** Gardener has them in every seed and garden. */
export async function ensurePriorityClass(client: KubeClient, name: string, value: number): Promise<void> {
  if (await client.find(priorityClasses, { name })) return;
  await client.create(priorityClasses, { metadata: { name }, value });
}
