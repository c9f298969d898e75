import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { nothing, objectIdentifier, sequence } from './der.ts';

/** Of all keys that are made here, off the main thread. */
export const newKeys = (): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> =>
  promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });

/** Off the main thread: authorities that Gardener's Go library has made have RSA keys, which take long. */
export const signed = (content: Buffer, key: KeyObject): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    sign('sha256', content, key, (error, signature) => (error ? reject(error) : resolve(signature)));
  });

/** With SHA-256. Throws for what is neither an elliptic curve nor RSA. */
export function signatureAlgorithm({ asymmetricKeyType: type }: KeyObject): Buffer {
  if (type === 'ec') return sequence(objectIdentifier('1.2.840.10045.4.3.2'));
  if (type === 'rsa') return sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing());
  throw new Error(`the key of an authority is ${type}: only EC and RSA can sign here`);
}
