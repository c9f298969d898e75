import type { KubeClient } from '../../../kube/client.ts';
import { namespaces } from '../../../kube/namespace.ts';
import type { KubeObject } from '../../../kube/object.ts';
import { defineResource, type Resource } from '../../../kube/resource.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { includes } from '../seed-webhooks/includes.ts';
import { firewallNamespace } from './shoot/firewall-namespace.ts';

const FIELD_MANAGER = 'provider-metal';

const definitions = defineResource({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
});

/**
 * What a seed must have before control planes can be reconciled in it (metal-provider 3.7). Any number of replicas may do
 * this at once; nothing is written where all is there.
 */
export async function ensureSeedObjects(kube: KubeClient, manifests: Manifests, signal: AbortSignal): Promise<void> {
  const crds = [
    ...manifests['firewall-controller-manager'],
    ...manifests['firewall-controller'],
    ...manifests['duros-controller'],
  ];
  await Promise.all([
    ...crds.map((crd) => ensure(kube, definitions, crd, signal)),
    ensure(kube, namespaces, firewallNamespace(), signal),
  ]);
}

async function ensure(kube: KubeClient, resource: Resource, desired: KubeObject, signal: AbortSignal): Promise<void> {
  const present = await kube.find(resource, { name: desired.metadata.name }, { signal });
  if (includes(present, desired)) return;
  await kube.apply(resource, desired, { fieldManager: FIELD_MANAGER, force: true, signal });
}
