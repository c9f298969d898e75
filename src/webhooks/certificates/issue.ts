import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { Extension, PublicKeyType } from '@peculiar/x509';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** In milliseconds since the epoch. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Clocks of API servers may be behind. */
const backdateMs = 3_600_000;

/** Loaded only when a certificate has to be made: most replicas read what another has made. */
const loadLibrary = async () => (await import('./x509.ts')).x509;

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** A certificate authority of P-256 that signs itself. */
export async function issueAuthority(commonName: string, validity: Validity): Promise<KeyPair> {
  const [library, keys] = await Promise.all([loadLibrary(), newKeys()]);
  const { BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags, SubjectKeyIdentifierExtension } = library;
  const cert = await library.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    serialNumber: serialNumber(),
    ...dates(validity),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pem(cert.toString('pem')), key: await keyPem(keys.privateKey) };
}

/** A server certificate of P-256; hosts that are addresses become IP names, all others DNS names. */
export async function issueServer(
  authority: KeyPair,
  { commonName, hosts }: { readonly commonName: string; readonly hosts: readonly string[] },
  validity: Validity,
): Promise<KeyPair> {
  const [library, keys, signingKey] = await Promise.all([loadLibrary(), newKeys(), readKey(authority.key)]);
  const issuer = new library.X509Certificate(authority.cert);
  const cert = await library.X509CertificateGenerator.create({
    subject: [{ CN: [commonName] }],
    issuer: issuer.subjectName,
    serialNumber: serialNumber(),
    ...dates(validity),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: await serverExtensions(library, hosts, keys.publicKey, issuer.publicKey),
  });
  return { cert: pem(cert.toString('pem')), key: await keyPem(keys.privateKey) };
}

async function serverExtensions(
  library: typeof import('@peculiar/x509'),
  hosts: readonly string[],
  own: webcrypto.CryptoKey,
  issuer: PublicKeyType,
): Promise<Extension[]> {
  const { ExtendedKeyUsage, KeyUsageFlags, AuthorityKeyIdentifierExtension } = library;
  const names = hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }));
  return [
    new library.BasicConstraintsExtension(false, undefined, true),
    new library.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new library.ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new library.SubjectAlternativeNameExtension(names),
    await library.SubjectKeyIdentifierExtension.create(own),
    // Old and new authorities have the same name: this tells which one signed.
    await AuthorityKeyIdentifierExtension.create(issuer),
  ];
}

function readKey(text: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(text).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, ['sign']);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

const pem = (text: string): string => `${text.trim()}\n`;

const dates = ({ from, until }: Validity) => ({ notBefore: new Date(from - backdateMs), notAfter: new Date(until) });

/** The first bit cleared and the second set: positive and of constant length (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
