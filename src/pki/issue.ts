import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { Extension, Name, X509Certificate } from '@peculiar/x509';
import { canonicalHost } from './host.ts';
import { keyPem, newKeys, readKey } from './keys.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** In milliseconds since the epoch. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

/** Whose certificate it is. Hosts that are addresses become IP names, all others DNS names. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: readonly string[] | undefined;
  readonly hosts: readonly string[];
}

type Library = typeof import('@peculiar/x509');
type Usage = 'serverAuth' | 'clientAuth';

/** Clocks of API servers may be behind. */
const backdateMs = 3_600_000;
const signingAlgorithm = { hash: 'SHA-256' } as const;

/** Loaded only when a certificate has to be made: most replicas read what another has made. */
const loadLibrary = async () => (await import('./x509.ts')).x509;

/** A certificate authority of P-256 that signs itself. */
export async function issueAuthority(commonName: string, validity: Validity): Promise<KeyPair> {
  const [library, keys] = await Promise.all([loadLibrary(), newKeys()]);
  const { BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags, SubjectKeyIdentifierExtension } = library;
  const cert = await library.X509CertificateGenerator.createSelfSigned({
    name: nameOf(library, commonName),
    keys,
    serialNumber: serialNumber(),
    ...dates(validity),
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pem(cert.toString('pem')), key: await keyPem(keys.privateKey) };
}

/** A server certificate of P-256. The authority's key may be P-256 or RSA. */
export const issueServer = (authority: KeyPair, subject: Subject, validity: Validity): Promise<KeyPair> =>
  issue(authority, subject, 'serverAuth', validity);

/** A client certificate of P-256. The authority's key may be P-256 or RSA. */
export const issueClient = (authority: KeyPair, subject: Subject, validity: Validity): Promise<KeyPair> =>
  issue(authority, subject, 'clientAuth', validity);

async function issue(authority: KeyPair, subject: Subject, usage: Usage, validity: Validity): Promise<KeyPair> {
  const [library, keys, signingKey] = await Promise.all([loadLibrary(), newKeys(), readKey(authority.key)]);
  const { commonName, organization, hosts } = subject;
  const issuer = new library.X509Certificate(authority.cert);
  const cert = await library.X509CertificateGenerator.create({
    subject: nameOf(library, commonName, organization),
    issuer: issuer.subjectName,
    serialNumber: serialNumber(),
    ...dates(validity),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm,
    extensions: await extensions(library, usage, hosts, keys.publicKey, issuer),
  });
  return { cert: pem(cert.toString('pem')), key: await keyPem(keys.privateKey) };
}

async function extensions(
  library: Library,
  usage: Usage,
  hosts: readonly string[],
  own: webcrypto.CryptoKey,
  issuer: X509Certificate,
): Promise<Extension[]> {
  const { ExtendedKeyUsage, KeyUsageFlags, AuthorityKeyIdentifierExtension, SubjectKeyIdentifierExtension } = library;
  const names = hosts.map((host) => ({
    type: isIP(host) ? ('ip' as const) : ('dns' as const),
    value: canonicalHost(host),
  }));
  const issuerId = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return [
    new library.BasicConstraintsExtension(false, undefined, true),
    new library.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new library.ExtendedKeyUsageExtension([ExtendedKeyUsage[usage]]),
    ...(names.length > 0 ? [new library.SubjectAlternativeNameExtension(names)] : []),
    await SubjectKeyIdentifierExtension.create(own),
    // Old and new authorities may have the same name: this tells which one signed. Others compute theirs in other ways.
    issuerId
      ? new AuthorityKeyIdentifierExtension(issuerId)
      : await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
}

/** Values as they are: of bare strings the library reads quotes, backslashes and `#` as syntax. */
function nameOf(library: Library, commonName: string, organization: readonly string[] = []): Name {
  const attribute = (type: 'O' | 'CN', utf8String: string) => ({ [type]: [{ utf8String }] });
  return new library.Name([...organization.map((value) => attribute('O', value)), attribute('CN', commonName)]);
}

const pem = (text: string): string => `${text.trim()}\n`;

const dates = ({ from, until }: Validity) => ({ notBefore: new Date(from - backdateMs), notAfter: new Date(until) });

/** The first bit cleared and the second set: positive and of constant length (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
