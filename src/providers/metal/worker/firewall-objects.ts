import { firewallDeployments, firewallSets, firewalls } from '../../../apis/firewall/firewall.ts';
import type { KubeClient, ObjectList } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Resource } from '../../../kube/resource.ts';

/** From the top: what makes a kind comes before it, so that nothing is made anew while it goes. */
export const firewallResources: readonly Resource[] = [firewallDeployments, firewallSets, firewalls];

/** All of a kind in the cluster's namespace; none where the kind itself is not installed. */
export async function listOf<T extends KubeObject>(
  kube: KubeClient,
  resource: Resource<T>,
  namespace: string,
  signal: AbortSignal,
): Promise<ObjectList<T>> {
  try {
    return await kube.list(resource, { namespace, signal });
  } catch (error) {
    if (isNotFound(error)) return { resourceVersion: '', items: [] };
    throw error;
  }
}
