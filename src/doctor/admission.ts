import { X509Certificate } from 'node:crypto';
import type { Finding } from '../providers/doctor.ts';
import { type CertificateFact, certificateFindings } from './certificates.ts';
import type { WebhookTarget } from './seed.ts';
import { webhookTargetFindings } from './webhook-targets.ts';

/** A webhook of the admission in the garden. */
export interface AdmissionWebhook {
  /** Kind and name of the configuration that it is in. */
  readonly configuration: string;
  readonly failurePolicy: string | undefined;
  /** PEM; empty when the configuration has none. */
  readonly bundle: string;
  /** Where it is called: `Service namespace/name`, or a URL. */
  readonly target: string;
}

export interface AdmissionFacts {
  /** Configurations that should be there and are not. */
  readonly missing: readonly string[];
  readonly webhooks: readonly AdmissionWebhook[];
  /** PEM of the newest server certificate; undefined when its Secret is not in the garden. */
  readonly served: string | undefined;
  readonly certificates: readonly CertificateFact[];
  readonly targets: readonly WebhookTarget[];
  /** Services, `namespace/name`, that have a selector and no endpoint that is ready. */
  readonly unanswered: readonly string[];
}

/** Authorities that the admission makes live for thirty days, and are followed by another six days before their end. */
const soonMs = 5 * 86_400_000;
const runs = 'See that `espalier admission` runs, and look at its log';

/** Whether the garden calls the admission, can trust it, and is answered. */
export function admissionFindings(facts: AdmissionFacts, now: number): readonly Finding[] {
  const { missing, webhooks, served, certificates, targets, unanswered } = facts;
  const told = [
    ...missing.map((object) => ({
      ...({ severity: 'warning', kind: 'AdmissionMissing', object } as const),
      message: 'does not exist: what is wrong in a Shoot is noticed only when it is reconciled',
      advice: 'Install the admission; if it is installed, see that it leads and may write its configurations',
    })),
    ...webhooks.flatMap((webhook) => [...policyFindings(webhook), ...bundleFindings(webhook, served, now)]),
    ...unanswered.map((service) => ({
      ...({ severity: 'error', kind: 'AdmissionUnanswered', object: `Service ${service}`, advice: runs } as const),
      message: 'has no endpoint that is ready: nothing of the type can be created or changed in the garden',
    })),
  ].map((each) => ({ ...each, cluster: '' }));
  // All webhooks of a configuration have the same bundle, and are told of once.
  const once = new Map(told.map((each) => [`${each.kind} ${each.object}`, each]));
  return [...once.values(), ...webhookTargetFindings(targets), ...certificateFindings(certificates, now)];
}

type Told = Omit<Finding, 'cluster'>;

const policyFindings = ({ configuration: object, failurePolicy }: AdmissionWebhook): readonly Told[] =>
  failurePolicy === 'Fail'
    ? []
    : [
        {
          ...{ severity: 'warning', kind: 'AdmissionNotRequired', object },
          message: `has the failure policy ${failurePolicy}: while nobody answers, everything is let through`,
          advice: 'Set failurePolicy to Fail',
        },
      ];

function bundleFindings(
  { configuration: object, bundle, target }: AdmissionWebhook,
  served: string | undefined,
  now: number,
): readonly Told[] {
  // Without a bundle the API server trusts what its host does: no certificate for a Service is signed by that.
  if (!bundle && target.startsWith('https:')) return [];
  const authorities = certificatesIn(bundle);
  const tell = (severity: 'error' | 'warning', kind: string, message: string): readonly Told[] => [
    { severity, kind, object, message, advice: `${runs}: it puts its authorities into the configuration` },
  ];
  if (!authorities || authorities.length === 0)
    return tell('error', 'AdmissionBundleInvalid', 'has no CA bundle that can be read: no call succeeds');
  const until = Math.max(...authorities.map(({ validToDate }) => validToDate.getTime()));
  const day = new Date(until).toISOString().slice(0, 10);
  if (until <= now) return tell('error', 'AdmissionBundleExpired', `has a CA bundle that expired on ${day}`);
  const [certificate] = certificatesIn(served ?? '') ?? [];
  if (certificate && !authorities.some((authority) => isSignedBy(certificate, authority))) {
    return tell('error', 'AdmissionNotTrusted', 'has a CA bundle that the certificate which is served is not of');
  }
  if (until - now > soonMs) return [];
  return tell('warning', 'AdmissionBundleExpires', `has a CA bundle that expires on ${day}, and no newer authority`);
}

const isSignedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

/** Undefined when one of them cannot be read: API servers refuse the bundle then. */
function certificatesIn(pem: string): readonly X509Certificate[] | undefined {
  try {
    return (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).map(
      (text) => new X509Certificate(text),
    );
  } catch {
    return undefined;
  }
}
