import type { Secret } from '../../kube/secret.ts';
import { issueAuthority, issueClient, issueServer, type KeyPair, type Validity } from '../../pki/issue.ts';
import { readPair } from '../../pki/issued.ts';
import { bundleFile } from './authority.ts';
import { fileNames } from './held.ts';
import { labelKeys } from './labels.ts';
import { hostsOf } from './leaf.ts';
import type { Missing } from './missing.ts';

/** Gardener's, of authorities and of what they sign. */
const validityMs = 10 * 365 * 86_400_000;

/** The Secret with new content. `now`: milliseconds since the epoch. */
export async function makeSecret(missing: Missing, namespace: string, now: number): Promise<Secret> {
  const { content } = missing;
  const validity = { from: now, until: now + validityMs };
  switch (content.kind) {
    case 'ca': {
      // Not the common name of the config: subjects of authorities must be unique among old and new ones.
      const pair = await issueAuthority(missing.name, validity);
      const { cert, key } = fileNames.authority;
      return secretOf(missing, namespace, { [cert]: pair.cert, [key]: pair.key }, lifetimeOf(pair));
    }
    case 'bundle':
      return secretOf(missing, namespace, { [bundleFile]: content.certificates }, { issuedAt: now });
    case 'leaf': {
      const pair = await issueLeaf(content, validity);
      const { cert, key } = fileNames.leaf;
      const { published } = content;
      const files = { [cert]: pair.cert, [key]: pair.key, ...(published && { [fileNames.authority.cert]: published }) };
      return secretOf(missing, namespace, files, lifetimeOf(pair), 'kubernetes.io/tls');
    }
  }
}

function issueLeaf({ config, signer }: Extract<Missing['content'], { kind: 'leaf' }>, validity: Validity) {
  const { kind, commonName, organization } = config;
  const issue = kind === 'server' ? issueServer : issueClient;
  return issue(signer, { commonName, organization, hosts: hostsOf(config) }, validity);
}

interface Lifetime {
  readonly issuedAt: number | undefined;
  readonly validUntil?: number | undefined;
}

function lifetimeOf(pair: KeyPair): Lifetime {
  const x509 = readPair(pair);
  return { issuedAt: x509?.validFromDate.getTime(), validUntil: x509?.validToDate.getTime() };
}

function secretOf(
  { name, labels }: Missing,
  namespace: string,
  files: Readonly<Record<string, string>>,
  { issuedAt, validUntil }: Lifetime,
  type = 'Opaque',
): Secret {
  return {
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        ...(issuedAt && { [labelKeys.issuedAt]: seconds(issuedAt) }),
        ...(validUntil && { [labelKeys.validUntil]: seconds(validUntil) }),
      },
    },
    type,
    immutable: true,
    data: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text).toString('base64')])),
  };
}

const seconds = (ms: number): string => String(Math.floor(ms / 1000));
