import type { Secret } from '../../kube/secret.ts';
import { cloudProviderSecret } from './infrastructure.ts';

/** The Secret `cloudprovider` as gardenlet writes it: the source's data, and nothing else of it. */
export function cloudProvider(namespace: string, source: Secret): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: cloudProviderSecret,
      namespace,
      labels: { 'gardener.cloud/purpose': cloudProviderSecret },
      annotations: {},
    },
    type: 'Opaque',
    data: source.data ?? {},
  };
}
