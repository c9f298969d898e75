import type { ApiObject, ApiResource } from '../object.ts';

/** resources.gardener.cloud/v1alpha1 ManagedResource (gardener-contract 3.1): gardener-resource-manager applies its objects. */
export interface ManagedResource extends ApiObject {
  spec?: {
    /** `seed`, or absent for the shoot. */
    class?: string;
    secretRefs?: readonly { name: string }[];
    injectLabels?: Readonly<Record<string, string>>;
    forceOverwriteAnnotations?: boolean;
    forceOverwriteLabels?: boolean;
    keepObjects?: boolean;
  };
  status?: {
    observedGeneration?: number;
    secretsDataChecksum?: string;
    conditions?: readonly {
      type: string;
      status: string;
      reason?: string;
      message?: string;
      lastTransitionTime?: string;
    }[];
  };
}

export const managedResources: ApiResource<ManagedResource> = {
  group: 'resources.gardener.cloud',
  version: 'v1alpha1',
  kind: 'ManagedResource',
  plural: 'managedresources',
  namespaced: true,
};
