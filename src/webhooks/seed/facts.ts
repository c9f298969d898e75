import { type Cluster, cluster } from '../../apis/extensions/cluster.ts';
import type { Infrastructure } from '../../apis/extensions/infrastructure.ts';
import { clusters, infrastructures } from '../../apis/extensions/resources.ts';
import type { KubeClient } from '../../kube/client.ts';
import { secrets } from '../../kube/secret.ts';
import type { SeedFacts } from '../../providers/admission.ts';

export type Need = Exclude<keyof SeedFacts, 'namespace'>;

/**
 * Reads what mutations need, live: gardenlet changes Cluster and Infrastructure right before it deploys what depends on
 * them, and a cache of all Clusters of a seed would be large. Rejects when the API server cannot be asked.
 */
export async function readFacts(
  client: KubeClient,
  namespace: string,
  needs: ReadonlySet<Need>,
  signal: AbortSignal,
): Promise<SeedFacts> {
  const credentials = needs.has('credentials')
    ? client.find(secrets, { namespace, name: 'cloudprovider' }, { signal })
    : undefined;
  const found =
    needs.has('cluster') || needs.has('infrastructure') ? findCluster(client, namespace, signal) : undefined;
  const infrastructure = needs.has('infrastructure') ? infrastructureOf(client, namespace, found, signal) : undefined;
  const [secret, whole, network] = await Promise.all([credentials, found, infrastructure]);
  return { namespace, cluster: whole, infrastructure: network, credentials: secret?.data };
}

/** Undefined when there is none. Throws when it cannot be read: what it says must not be ignored. */
export async function findCluster(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<Cluster | undefined> {
  const found = await client.find(clusters, { name: namespace }, { signal });
  if (!found) return undefined;
  const parsed = cluster.safeParse(found);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`Cluster ${namespace} cannot be read: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Infrastructures are named like their Shoot. */
async function infrastructureOf(
  client: KubeClient,
  namespace: string,
  found: Promise<Cluster | undefined> | undefined,
  signal: AbortSignal,
): Promise<Infrastructure | undefined> {
  const name = (await found)?.spec.shoot.metadata.name;
  return name ? client.find(infrastructures, { namespace, name }, { signal }) : undefined;
}
