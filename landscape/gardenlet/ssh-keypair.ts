import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** Length-prefixed, as RFC 4251 section 5 has it. */
function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A positive mpint: a zero byte in front when the highest bit is set. */
function mpint(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return field((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

/** One line of authorized_keys for an RSA public key in JWK form. */
export function authorizedKey(jwk: { n: string; e: string }): string {
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), mpint(jwk.e), mpint(jwk.n)]);
  return `ssh-rsa ${blob.toString('base64')}\n`;
}

/** An RSA key pair for the nodes of a Shoot: PEM, and a line of authorized_keys. */
export async function generateSshKeypair(): Promise<{ privateKey: string; publicKey: string }> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwk = pair.publicKey.export({ format: 'jwk' });
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: authorizedKey({ n: jwk.n ?? '', e: jwk.e ?? '' }),
  };
}
