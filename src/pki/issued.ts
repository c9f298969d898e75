import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { KeyPair } from './issue.ts';

/** A certificate with its key, as one Secret holds it. */
export interface Issued extends KeyPair {
  /** Of the Secret. */
  readonly name: string;
  readonly x509: X509Certificate;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly validUntil: number;
}

/** Undefined for what is no certificate, or one whose key is another's. */
export function readIssued(name: string, pair: KeyPair, issuedAt?: number): Issued | undefined {
  const x509 = readPair(pair);
  if (!x509) return undefined;
  return {
    ...pair,
    name,
    x509,
    issuedAt: issuedAt ?? x509.validFromDate.getTime(),
    validUntil: x509.validToDate.getTime(),
  };
}

/** The certificate (the first of a chain) if the key is its own. */
export function readPair({ cert, key }: KeyPair): X509Certificate | undefined {
  try {
    const x509 = new X509Certificate(cert);
    return x509.checkPrivateKey(createPrivateKey(key)) ? x509 : undefined;
  } catch {
    return undefined;
  }
}

export function isSignedBy(server: Issued, authority: Issued): boolean {
  return server.x509.checkIssued(authority.x509) && server.x509.verify(authority.x509.publicKey);
}

export function covers({ x509 }: Issued, hosts: readonly string[]): boolean {
  return hosts.every((host) => (isIP(host) ? x509.checkIP(host) : x509.checkHost(host)) !== undefined);
}
