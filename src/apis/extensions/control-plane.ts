import type { DefaultSpec, DefaultStatus, ExtensionObject, SecretReference } from './extension.ts';

/** extensions.gardener.cloud/v1alpha1 ControlPlane (gardener-contract 1.4). */
export interface ControlPlane extends ExtensionObject {
  spec: DefaultSpec & {
    region: string;
    secretRef: SecretReference;
    /** status.providerStatus of the Infrastructure. */
    infrastructureProviderStatus?: unknown;
  };
  status?: DefaultStatus;
}
