import type { DefaultSpec, DefaultStatus, ExtensionObject, SecretReference } from './extension.ts';

/** extensions.gardener.cloud/v1alpha1 Infrastructure (gardener-contract 1.4). */
export interface Infrastructure extends ExtensionObject {
  spec: DefaultSpec & {
    region: string;
    secretRef: SecretReference;
    /** Base64 of the public key. */
    sshPublicKey?: string;
  };
  status?: DefaultStatus & {
    nodesCIDR?: string;
    egressCIDRs?: readonly string[];
    networking?: {
      pods?: readonly string[];
      nodes?: readonly string[];
      services?: readonly string[];
    };
  };
}
