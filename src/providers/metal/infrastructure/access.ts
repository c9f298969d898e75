import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Operation } from '../../provider.ts';
import { endpointOf } from '../cloud-profile.ts';
import { readCredentials } from '../credentials.ts';
import type { MetalApi } from '../metal-api/client.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import type { Scope } from './scope.ts';

/** The metal-api that serves the cluster's partition, with the credentials of this moment. */
export async function metalApiOf(
  { object, cluster, signal }: Operation<Infrastructure>,
  { partitionID }: Scope,
  { kube, metalApis }: { readonly kube: KubeClient; readonly metalApis: MetalApiRegistry },
): Promise<MetalApi> {
  const endpoint = endpointOf(cluster, partitionID);
  const credentials = await readCredentials(kube, object.spec.secretRef, object.metadata.namespace, { signal });
  return metalApis.client(endpoint, credentials);
}
