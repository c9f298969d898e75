import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

export interface Widget extends KubeObject {
  spec?: { size?: number };
  status?: { phase?: string | null; note?: string };
}

export const clusterRoles = defineResource<KubeObject & { rules?: object[] }>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
});
export const widgets = defineResource<Widget>({
  group: 'kit.test',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
});
const definitions = defineResource<KubeObject & { spec: object }>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
});

export async function createNamespace(client: KubeClient, prefix: string): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await client.create(namespaces, { metadata: { name } });
  return name;
}

/**
 * A resource with a status subresource, served when this resolves. Its history begins here: unlike that of what a new
 * control plane has built in, it does not reach back to version 1.
 */
export async function installWidgets(client: KubeClient): Promise<void> {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema },
    subresources: { status: {} },
  };
  const names = { kind: 'Widget', plural: 'widgets' };
  const spec = { group: 'kit.test', scope: 'Namespaced', names, versions: [version] };
  await client.apply(
    definitions,
    { metadata: { name: 'widgets.kit.test' }, spec },
    { fieldManager: 'test', force: true },
  );
  await vi.waitFor(() => client.list(widgets), { timeout: 20_000, interval: 100 });
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** Runs the work for each item, some at a time. */
export async function inParallel<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
  workers = 16,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
