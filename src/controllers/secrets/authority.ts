import type { Secret } from '../../kube/secret.ts';
import type { SecretConfig } from '../../providers/secrets.ts';
import { type Held, heldFor, textOf } from './held.ts';
import { labelOf } from './labels.ts';
import { initiatedAt, isUnderWay, keepsOld, type RotationState } from './rotation.ts';

export type AuthorityConfig = Extract<SecretConfig, { kind: 'ca' }>;

/** What there is of a certificate authority. */
export interface Authority {
  readonly config: AuthorityConfig;
  /** Absent: it must be made. */
  readonly current: Held | undefined;
  /** The one before, as long as it is trusted. */
  readonly old: Held | undefined;
  /** Signs what clients must be able to verify that do not know the current one yet. Absent until there is a current one. */
  readonly signsServers: Held | undefined;
  /** Certificates (PEM) of all that are trusted, the current one first. */
  readonly trusted: string;
  /** The Secret that has these. */
  readonly bundle: Secret | undefined;
}

/** Gardener's last days before a certificate is replaced. */
const renewBeforeMs = 10 * 86_400_000;

/**
 * An authority is the current one when it was made for the last rotation, whoever made it: one of the Go extension is
 * taken over. A new one comes only with a rotation of the shoot's authorities (gardener-contract 3.5), or shortly before
 * the current one expires.
 */
export function assessAuthority(
  config: AuthorityConfig,
  secrets: readonly Secret[],
  rotation: RotationState,
  now: number,
): Authority {
  const known = heldFor(config.name, 'authority', secrets, now).filter(({ x509 }) => x509.ca);
  const initiated = initiatedAt(rotation);
  const isOfLastRotation = ({ secret }: Held) => !initiated || labelOf(secret, 'rotation') === initiated;
  const current = known.find((each) => isOfLastRotation(each) && now <= each.validUntil - renewBeforeMs);
  const old = known.find((each) => each !== current && (keepsOld(rotation) || isOfLastRotation(each)));
  const trusted = current ? joinCertificates([current, ...(old ? [old] : [])]) : '';
  return {
    config,
    current,
    old,
    signsServers: current && isUnderWay(rotation) ? (old ?? current) : current,
    trusted,
    bundle: secrets.find((secret) => isBundle(secret, config.name, trusted)),
  };
}

function isBundle(secret: Secret, authority: string, content: string): boolean {
  return (
    labelOf(secret, 'bundleFor') === authority &&
    !secret.metadata.deletionTimestamp &&
    textOf(secret, bundleFile) === content
  );
}

export const bundleFile = 'bundle.crt';

const joinCertificates = (authorities: readonly Held[]): string =>
  authorities.map(({ cert }) => `${cert.trim()}\n`).join('');
