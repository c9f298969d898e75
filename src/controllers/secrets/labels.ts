import type { Secret } from '../../kube/secret.ts';

/** Labels and names of Gardener's secrets manager (gardener-contract 3.5): gardenlet and operators find Secrets by them. */
export const labelKeys = {
  name: 'name',
  managedBy: 'managed-by',
  identity: 'manager-identity',
  configChecksum: 'checksum-of-config',
  signerChecksum: 'checksum-of-signing-ca',
  bundleFor: 'bundle-for',
  persist: 'persist',
  rotation: 'last-rotation-initiation-time',
  issuedAt: 'issued-at-time',
  validUntil: 'valid-until-time',
} as const;

const manager = 'secrets-manager';

export const managerLabels = (identity: string): Readonly<Record<string, string>> => ({
  [labelKeys.managedBy]: manager,
  [labelKeys.identity]: identity,
});

export const selectorOf = (identity: string): string =>
  Object.entries(managerLabels(identity))
    .map((pair) => pair.join('='))
    .join(',');

export const labelOf = (secret: Secret, key: keyof typeof labelKeys): string =>
  secret.metadata.labels?.[labelKeys[key]] ?? '';
