import type { Secret } from '../../kube/secret.ts';
import { type Issued, readIssued } from '../../pki/issued.ts';
import { labelOf } from './labels.ts';

/** A Secret with the certificate and key in it. */
export interface Held extends Issued {
  readonly secret: Secret;
}

export const fileNames = {
  authority: { cert: 'ca.crt', key: 'ca.key' },
  leaf: { cert: 'tls.crt', key: 'tls.key' },
} as const;

/**
 * The Secrets of a config that are of use, newest first: the certificate has not expired, the key is its own, and nobody
 * deletes it. By name where all else is equal, so that all choose the same.
 */
export function heldFor(
  config: string,
  kind: keyof typeof fileNames,
  secrets: readonly Secret[],
  now: number,
): readonly Held[] {
  const files = fileNames[kind];
  return secrets
    .filter((secret) => labelOf(secret, 'name') === config && !secret.metadata.deletionTimestamp)
    .map((secret) => hold(secret, files))
    .filter((held) => held !== undefined)
    .filter(({ validUntil }) => now < validUntil)
    .sort((a, b) => rotationOf(b) - rotationOf(a) || b.issuedAt - a.issuedAt || a.name.localeCompare(b.name));
}

export const textOf = (secret: Secret, file: string): string =>
  Buffer.from(secret.data?.[file] ?? '', 'base64').toString();

function hold(secret: Secret, files: { readonly cert: string; readonly key: string }): Held | undefined {
  const pair = { cert: textOf(secret, files.cert), key: textOf(secret, files.key) };
  const issued = readIssued(secret.metadata.name, pair);
  return issued && { ...issued, secret };
}

/** Creation times are not compared: a Secret that was restored on another seed has a new one. */
const rotationOf = ({ secret }: Held): number => Number(labelOf(secret, 'rotation')) || 0;
