import { isDeepStrictEqual } from 'node:util';
import type { Secret } from '../../kube/secret.ts';
import { canonicalHost } from '../../pki/host.ts';
import { isSignedBy } from '../../pki/issued.ts';
import { subjectOf } from '../../pki/subject.ts';
import type { SecretConfig } from '../../providers/secrets.ts';
import type { Authority } from './authority.ts';
import { fileNames, type Held, heldFor, textOf } from './held.ts';
import { labelOf } from './labels.ts';
import { configChecksum } from './names.ts';

export type LeafConfig = Extract<SecretConfig, { kind: 'server' | 'client' }>;

/** What there is of a certificate that an authority signs. */
export interface Leaf {
  readonly config: LeafConfig;
  /** Of the config and what is published. */
  readonly checksum: string;
  /** Absent: it must be made. */
  readonly current: Held | undefined;
  /** Absent as long as the authority is missing. */
  readonly signer: Held | undefined;
  /** The bundle that is published beside it, if any. */
  readonly published: string | undefined;
}

/** Share of its validity after which a certificate is replaced; of ten years that leaves more than Gardener's ten days. */
const renewAt = 0.8;
const usages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/**
 * Judged by the certificate itself where the checksum in the label is another's: so what the Go extension made is taken
 * over. Clients present what the current authority has signed at once (gardener-contract 3.5).
 */
export function assessLeaf(config: LeafConfig, authority: Authority, secrets: readonly Secret[], now: number): Leaf {
  const signer = config.kind === 'client' || config.useCurrentCA ? authority.current : authority.signsServers;
  const published = config.publishCA === false ? undefined : authority.trusted;
  const checksum = configChecksum(config, published);
  const fits = (leaf: Held): boolean =>
    signer !== undefined &&
    !isDue(leaf, now) &&
    (published === undefined || textOf(leaf.secret, fileNames.authority.cert) === published) &&
    (labelOf(leaf.secret, 'configChecksum') === checksum || isFor(leaf, config)) &&
    isSignedBy(leaf, signer);
  return { config, checksum, signer, published, current: heldFor(config.name, 'leaf', secrets, now).find(fits) };
}

function isDue({ issuedAt, validUntil }: Held, now: number): boolean {
  return now >= issuedAt + (validUntil - issuedAt) * renewAt;
}

function isFor({ x509 }: Held, config: LeafConfig): boolean {
  const { CN, O } = subjectOf(x509);
  return (
    CN === config.commonName &&
    isSame([O ?? []].flat(), config.organization ?? []) &&
    isSame(alternativeNames(x509.subjectAltName), hostsOf(config).map(canonicalHost)) &&
    x509.keyUsage?.includes(usages[config.kind]) === true
  );
}

export const hostsOf = ({ dnsNames = [], ipAddresses = [] }: LeafConfig): readonly string[] => [
  ...dnsNames,
  ...ipAddresses,
];

/** From `DNS:one, IP Address:10.0.0.1`. */
function alternativeNames(text = ''): readonly string[] {
  return text
    .split(', ')
    .filter(Boolean)
    .map((name) => canonicalHost(name.replace(/^(DNS|IP Address):/, '')));
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return isDeepStrictEqual(new Set(a), new Set(b));
}
