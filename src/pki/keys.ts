import { createPrivateKey, webcrypto } from 'node:crypto';

/** Of all keys that are made here. */
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Of authorities that Gardener's Go library has made. */
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** Made and used by WebCrypto, that is off the main thread. */
export const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);

/** For signing. `text`: PEM of PKCS #1, SEC 1 or PKCS #8; throws for what is neither RSA nor P-256. */
export function readKey(text: string): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(text);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const algorithm = key.asymmetricKeyType === 'rsa' ? rsa : ecdsa;
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, ['sign']);
}

export async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}
