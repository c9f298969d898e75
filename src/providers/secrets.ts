import { createHash } from 'node:crypto';

/** A certificate that a component needs, as the secrets manager is asked for it (gardener-contract 3.5). */
export type SecretConfig =
  | { readonly kind: 'ca'; readonly name: string; readonly commonName: string }
  | {
      readonly kind: 'server' | 'client';
      readonly name: string;
      readonly commonName: string;
      readonly organization?: readonly string[];
      readonly dnsNames?: readonly string[];
      readonly ipAddresses?: readonly string[];
      /** Name of the config of its CA. */
      readonly signedBy: string;
      /** Signed by the new CA already while a rotation is under way. */
      readonly useCurrentCA?: boolean;
      /** `ca.crt`, the bundle, is in the Secret too; true when absent. */
      readonly publishCA?: boolean;
    };

/** A Secret that the secrets manager keeps. */
export interface ManagedSecret {
  /** Of the Secret object. */
  readonly name: string;
  /** Base64 values. */
  readonly data: Readonly<Record<string, string>>;
  /** Hexadecimal SHA-256 of the data, for pod templates that must roll with it. */
  readonly checksum: string;
}

/** Of a Secret's data, as Gardener computes it: SHA-256 of the data as sorted JSON (gardener-contract 3.2). */
export function secretChecksum(data: ManagedSecret['data']): string {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(sorted)))
    .digest('hex');
}
