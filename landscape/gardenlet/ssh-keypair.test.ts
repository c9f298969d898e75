import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { authorizedKey, generateSshKeypair } from './ssh-keypair.ts';

test('the public key is the one of the private key, as authorized_keys has it', async () => {
  const { privateKey, publicKey } = await generateSshKeypair();
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  expect(publicKey).toBe(authorizedKey({ n, e }));
  expect(publicKey).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E[\w+/=]+\n$/);
});

test('an integer whose highest bit is set gets a zero byte in front', () => {
  const blob = Buffer.from(authorizedKey({ n: 'gA', e: 'AQAB' }).split(' ')[1] ?? '', 'base64');
  expect(blob.subarray(-6)).toEqual(Buffer.from([0, 0, 0, 2, 0, 0x80]));
});
