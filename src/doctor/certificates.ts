import { X509Certificate } from 'node:crypto';
import { fileNames, textOf } from '../controllers/secrets/held.ts';
import { labelOf } from '../controllers/secrets/labels.ts';
import type { Secret } from '../kube/secret.ts';
import type { Finding } from '../providers/doctor.ts';
import { since } from './since.ts';

const day = 86_400_000;

/** What a Secret of a secrets manager says without its key. */
export interface CertificateFact {
  readonly namespace: string;
  readonly secret: string;
  /** Several Secrets of one config follow each other. */
  readonly config: string;
  readonly isAuthority: boolean;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly validUntil: number;
}

/** Undefined for what has no certificate: bundles, and what cannot be read. */
export function certificateOf(secret: Secret): CertificateFact | undefined {
  const isAuthority = secret.data?.[fileNames.authority.key] !== undefined;
  const pem = textOf(secret, isAuthority ? fileNames.authority.cert : fileNames.leaf.cert);
  if (!pem || secret.metadata.deletionTimestamp) return undefined;
  try {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return {
      ...{ namespace: secret.metadata.namespace ?? '', secret: secret.metadata.name },
      ...{ config: labelOf(secret, 'name') || secret.metadata.name, isAuthority },
      ...{ issuedAt: validFromDate.getTime(), validUntil: validToDate.getTime() },
    };
  } catch {
    return undefined;
  }
}

/** The newest certificate of each config must be valid, and not be much older than its renewal. */
export function certificateFindings(facts: readonly CertificateFact[], now: number): readonly Finding[] {
  const configs = Map.groupBy(facts, ({ namespace, config }) => `${namespace}/${config}`);
  return [...configs.values()].flatMap((all) => {
    const [newest] = all.toSorted((a, b) => b.issuedAt - a.issuedAt);
    return newest ? judge(newest, now) : [];
  });
}

function judge(fact: CertificateFact, now: number): readonly Finding[] {
  const { namespace, secret, config, validUntil } = fact;
  const about = { object: `Secret ${secret}`, cluster: namespace };
  const advice =
    'Reconcile the ControlPlane, which renews it; for a webhook see that the process which serves it leads';
  if (now >= validUntil) {
    const message = `the certificate ${config} has expired ${since(validUntil, now)} ago`;
    return [{ severity: 'error', kind: 'CertificateExpired', ...about, message, advice }];
  }
  if (now < dueAt(fact)) return [];
  const until = new Date(validUntil).toISOString().slice(0, 10);
  const message = `the certificate ${config} should have been renewed, it expires on ${until}`;
  return [{ severity: 'warning', kind: 'CertificateNotRenewed', ...about, message, advice }];
}

/**
 * When a renewal is overdue: leaves are renewed after 80 % of their validity, authorities of control planes ten days
 * before their end (gardener-contract 3.5), each with the next reconcile, which comes daily.
 */
function dueAt({ isAuthority, issuedAt, validUntil }: CertificateFact): number {
  const validity = validUntil - issuedAt;
  const usual = issuedAt + validity * 0.8;
  const due = isAuthority ? Math.max(usual, validUntil - 10 * day) : usual;
  return due + Math.min(2 * day, validity * 0.05);
}
