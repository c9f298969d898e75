import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import type { KeyPair, Validity } from './issue.ts';
import { x509 as library } from './x509.ts';

/** For tests: as Go makes them, RSA, PKCS #1, a name that is a PrintableString, and a key identifier that is no SHA-1. */
export async function goAuthority({ from, until }: Validity): Promise<KeyPair> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const cert = await library.X509CertificateGenerator.createSelfSigned({
    name: new library.Name([{ CN: [{ printableString: 'ca-0123abcd' }] }]),
    keys,
    notBefore: new Date(from),
    notAfter: new Date(until),
    signingAlgorithm: algorithm,
    extensions: [
      new library.BasicConstraintsExtension(true, undefined, true),
      new library.SubjectKeyIdentifierExtension(randomBytes(20).toString('hex')),
    ],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs1', format: 'pem' });
  return { cert: cert.toString('pem'), key: key.toString() };
}
