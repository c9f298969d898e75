import type { DefaultSpec, DefaultStatus, ExtensionObject, SecretReference } from './extension.ts';

/** extensions.gardener.cloud/v1alpha1 DNSRecord (gardener-contract 1.4). */
export interface DnsRecord extends ExtensionObject {
  spec: DefaultSpec & {
    secretRef: SecretReference;
    /** Fully qualified. */
    name: string;
    recordType: string;
    values: readonly string[];
  };
  status?: DefaultStatus;
}
