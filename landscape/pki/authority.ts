import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 3_600_000;

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that lives in memory; only what it issues is written to disk. */
export interface Authority {
  readonly cert: string;
  /** A server certificate; addresses become IP names, anything else DNS names. */
  server(commonName: string, hosts: readonly string[]): Promise<KeyPair>;
  /** A client certificate: the user is the common name, each group an organization. */
  client(user: string, groups?: readonly string[]): Promise<KeyPair>;
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const toPem = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

const keyPem = async (key: webcrypto.CryptoKey): Promise<string> =>
  toPem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));

// The first bit is cleared and the second set: a positive serial number of constant length (RFC 5280, 4.1.2.2).
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** Valid from an hour ago, so that a clock that was set back does not matter. */
const validity = (days: number) => ({
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + days * DAY),
});

export async function createAuthority(commonName: string, days = 365): Promise<Authority> {
  const keys = await newKeys();
  const name: JsonName = [{ CN: [commonName] }];
  const root = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    serialNumber: serialNumber(),
    ...validity(days),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  });

  const issue = async (subject: JsonName, usage: ExtendedKeyUsage, more: Extension[] = []): Promise<KeyPair> => {
    const own = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: name,
      serialNumber: serialNumber(),
      ...validity(days),
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        ...more,
      ],
    });
    return { cert: certificate.toString('pem'), key: await keyPem(own.privateKey) };
  };

  return {
    cert: root.toString('pem'),
    server: (cn, hosts) =>
      issue([{ CN: [cn] }], ExtendedKeyUsage.serverAuth, [
        new SubjectAlternativeNameExtension(
          hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
      ]),
    client: (user, groups = []) =>
      issue([{ CN: [user] }, ...groups.map((group) => ({ O: [group] }))], ExtendedKeyUsage.clientAuth),
  };
}

/** A pair that signs tokens (service accounts, workload identities): PKCS #8 and SubjectPublicKeyInfo, PEM. */
export async function createSigningKey(): Promise<{ readonly key: string; readonly publicKey: string }> {
  const { privateKey, publicKey } = await newKeys();
  const spki = await webcrypto.subtle.exportKey('spki', publicKey);
  return { key: await keyPem(privateKey), publicKey: toPem('PUBLIC KEY', spki) };
}
