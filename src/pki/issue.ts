import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { bitString, explicit, integer, membersOf, objectIdentifier, sequence, set, time, utf8String } from './der.ts';
import { issuersKey, keyIdOf, ofAuthority, ofLeaf, ownKey, statedKeyId, type Usage } from './extensions.ts';
import { newKeys, signatureAlgorithm, signed } from './keys.ts';

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

/** Clocks of API servers may be behind. */
const backdateMs = 3_600_000;
const version3 = integer(Buffer.from([2]));

/** A certificate authority of P-256 that signs itself. */
export async function issueAuthority(commonName: string, validity: Validity): Promise<KeyPair> {
  const { privateKey, publicKey } = await newKeys();
  const name = nameOf(commonName);
  const extensions = [...ofAuthority(), ownKey(keyIdOf(publicKey))];
  const cert = await certificate({ issuer: name, subject: name, validity, publicKey, extensions }, privateKey);
  return { cert, key: pemOf(privateKey) };
}

/** A server certificate of P-256. The authority's key may be P-256 or RSA. */
export const issueServer = (authority: KeyPair, subject: Subject, validity: Validity): Promise<KeyPair> =>
  issue(authority, subject, 'serverAuth', validity);

/** A client certificate of P-256. The authority's key may be P-256 or RSA. */
export const issueClient = (authority: KeyPair, subject: Subject, validity: Validity): Promise<KeyPair> =>
  issue(authority, subject, 'clientAuth', validity);

async function issue(authority: KeyPair, subject: Subject, usage: Usage, validity: Validity): Promise<KeyPair> {
  const signingKey = createPrivateKey(authority.key);
  const { privateKey, publicKey } = await newKeys();
  const issuer = readIssuer(authority.cert);
  const extensions = [
    ...ofLeaf(usage, subject.hosts),
    ownKey(keyIdOf(publicKey)),
    // Old and new authorities may have the same name: this tells which one signed.
    issuersKey(issuer.keyId ?? keyIdOf(createPublicKey(signingKey))),
  ];
  const name = nameOf(subject.commonName, subject.organization);
  const content = { issuer: issuer.name, subject: name, validity, publicKey, extensions };
  return { cert: await certificate(content, signingKey), key: pemOf(privateKey) };
}

interface Content {
  /** DER. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly validity: Validity;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, 4.1. */
async function certificate(
  { issuer, subject, validity, publicKey, extensions }: Content,
  signingKey: KeyObject,
): Promise<string> {
  const algorithm = signatureAlgorithm(signingKey);
  const toBeSigned = sequence(
    explicit(0, version3),
    integer(serialNumber()),
    algorithm,
    issuer,
    sequence(time(validity.from - backdateMs), time(validity.until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const signature = await signed(toBeSigned, signingKey);
  return new X509Certificate(sequence(toBeSigned, algorithm, bitString(signature))).toString();
}

/** The name byte for byte, for that is how Go compares names, and the identifier of the key. */
function readIssuer(cert: string): { name: Buffer; keyId: Buffer | undefined } {
  const members = membersOf(new X509Certificate(cert).raw).flatMap(({ content }) => membersOf(content));
  const [, , , , , subject, , ...optional] = membersOf(members[0]?.content ?? Buffer.of());
  if (!subject) throw new Error('the certificate of the authority has no subject');
  const extensions = optional.find(({ tag }) => tag === 0xa3);
  return { name: subject.whole, keyId: statedKeyId(extensions && membersOf(extensions.content)[0]?.content) };
}

function nameOf(commonName: string, organization: readonly string[] = []): Buffer {
  const attribute = (id: string, value: string) => set(sequence(objectIdentifier(id), utf8String(value)));
  return sequence(...organization.map((value) => attribute('2.5.4.10', value)), attribute('2.5.4.3', commonName));
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The first bit cleared and the second set: positive and of constant length (RFC 5280, 4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}
