import type { Machine } from '../../../landscape/metal-api/model.ts';
import type { MetalApi } from '../../../landscape/metal-api/server.ts';
import { infrastructures } from '../../../src/apis/extensions/resources.ts';
import { firewallDeployments } from '../../../src/apis/firewall/firewall.ts';
import { machineClasses, machineDeployments, machines } from '../../../src/apis/machine/machine.ts';
import { managedResources } from '../../../src/apis/resources/managed-resource.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { defineResource, type Resource } from '../../../src/kube/resource.ts';
import { secrets } from '../../../src/kube/secret.ts';
import { isTagOf } from '../../../src/providers/metal/tags.ts';

/** What metal-api has of a cluster. */
export function atMetalApi({ state }: MetalApi, uid: string) {
  const own = (tags: readonly string[]) => tags.some((tag) => isTagOf(tag, uid));
  const all = [...state.machines.values()].filter(({ tags, allocation }) => allocation && own(tags));
  const ofRole = (role: string) => all.filter(({ allocation }) => allocation?.role === role);
  return {
    firewalls: ofRole('firewall'),
    machines: ofRole('machine'),
    networks: [...state.networks.values()].filter(({ labels }) =>
      own([`cluster.metal-stack.io/id=${labels['cluster.metal-stack.io/id']}`]),
    ),
    ips: [...state.ips.all()].filter(({ tags }) => own(tags)).map(({ ipaddress }) => ipaddress),
  };
}

export const idsOf = (all: readonly Machine[]): string[] => all.map(({ id }) => id).sort();
export const imagesOf = (all: readonly Machine[]): (string | undefined)[] =>
  all.map(({ allocation }) => allocation?.image.id);

const names = async (
  client: KubeClient,
  resource: Resource,
  namespace?: string,
  labelSelector?: string,
): Promise<string[]> =>
  (await client.list(resource, { namespace, labelSelector })).items.map(({ metadata }) => metadata.name).sort();

/** Names of what stands for machines in a control plane. */
export async function machineObjects(seed: KubeClient, namespace: string) {
  return {
    deployments: await names(seed, machineDeployments, namespace),
    classes: await names(seed, machineClasses, namespace),
    secrets: await names(seed, secrets, namespace, 'gardener.cloud/purpose=machineclass'),
    machines: await names(seed, machines, namespace),
  };
}

/** Throws with their conditions unless all ManagedResources of the namespace are applied, healthy and done. */
export async function expectApplied(seed: KubeClient, namespace: string): Promise<string[]> {
  const { items } = await seed.list(managedResources, { namespace });
  for (const { metadata, status } of items) {
    const is = (type: string, wanted: string) =>
      status?.conditions?.some((condition) => condition.type === type && condition.status === wanted);
    const isCurrent = status?.observedGeneration === metadata.generation;
    const isDone =
      is('ResourcesApplied', 'True') && is('ResourcesHealthy', 'True') && is('ResourcesProgressing', 'False');
    if (!isCurrent || !isDone) throw new Error(`${metadata.name}: ${JSON.stringify(status?.conditions)}`);
  }
  return items.map(({ metadata }) => metadata.name).sort();
}

const policies = defineResource<KubeObject & { spec: object }>({
  group: 'metal-stack.io',
  version: 'v1',
  kind: 'ClusterwideNetworkPolicy',
  plural: 'clusterwidenetworkpolicies',
  namespaced: true,
});

export const policiesOf = async (shoot: KubeClient) => {
  const { items } = await shoot.list(policies, { namespace: 'firewall' });
  return new Map(items.map(({ metadata, spec }) => [metadata.name.replace(/^allow-to-/, ''), spec]));
};

export const namespacesOf = (shoot: KubeClient): Promise<string[]> =>
  names(
    shoot,
    defineResource({ group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }),
  );

interface FirewallTemplate {
  readonly template: { readonly spec: Readonly<Record<string, unknown>> };
}

/** What firewall-controller-manager is told of the firewall. */
export async function firewallSpec(seed: KubeClient, namespace: string) {
  const { spec } = await seed.get(firewallDeployments, { namespace, name: 'shoot-firewall' });
  return (spec as unknown as FirewallTemplate).template.spec;
}

/** That FirewallDeployments are reviewed: one with five replicas is refused. Nothing is written. */
export async function firewallReview(seed: KubeClient, namespace: string): Promise<string> {
  const { spec } = await seed.get(firewallDeployments, { namespace, name: 'shoot-firewall' });
  const labels = { 'gardener-shoot-namespace': namespace };
  const tooMany = { metadata: { name: 'too-many', namespace, labels }, spec: { ...spec, replicas: 5 } };
  return seed.create(firewallDeployments, tooMany as never, { dryRun: true }).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}

export async function egressCIDRs(
  seed: KubeClient,
  key: { namespace: string; name: string },
): Promise<readonly string[]> {
  return (await seed.get(infrastructures, key)).status?.egressCIDRs ?? [];
}

/** Secrets of the extension's secrets manager, by the name of their configuration. */
export async function managedSecrets(seed: KubeClient, namespace: string): Promise<Record<string, number>> {
  const labelSelector = 'managed-by=secrets-manager,manager-identity=provider-metal-controlplane';
  const { items } = await seed.list(secrets, { namespace, labelSelector });
  const counts: Record<string, number> = {};
  for (const { metadata } of items) {
    const name = metadata.labels?.name ?? '';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
