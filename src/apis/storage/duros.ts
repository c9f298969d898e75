import type { ApiObject, ApiResource } from '../object.ts';

/** storage.metal-stack.io/v1 Duros (metal-provider 3.5, 4.5): what duros-controller makes of a storage for a shoot. */
export interface Duros extends ApiObject {
  spec: {
    metalProjectID: string;
    storageClasses: readonly {
      name: string;
      replicas: number;
      compression: boolean;
      default: boolean;
      encryption?: boolean;
    }[];
  };
  status?: {
    reconcileStatus?: { lastReconcile?: string; error?: string };
    managedResourceStatuses?: readonly { name: string; group?: string; state: string; description?: string }[];
  };
}

export const duros: ApiResource<Duros> = {
  group: 'storage.metal-stack.io',
  version: 'v1',
  kind: 'Duros',
  plural: 'duros',
  namespaced: true,
};
