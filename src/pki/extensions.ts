import { createHash, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { parseIp } from 'ip-bigint';
import { bitString, implicit, membersOf, objectIdentifier, octetString, sequence, yes } from './der.ts';

/** Extensions of a certificate (RFC 5280, 4.2). */

const subjectKeyIdentifier = '2.5.29.14';
const usages = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;

export type Usage = keyof typeof usages;

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(objectIdentifier(id), ...(critical ? [yes()] : []), octetString(value));

const basicConstraints = (...members: readonly Buffer[]) => extension('2.5.29.19', sequence(...members), true);
const keyUsage = (bits: number, unused: number) => extension('2.5.29.15', bitString(Buffer.from([bits]), unused), true);

/** Digital signature, certificates, lists of revoked ones. */
export const ofAuthority = (): readonly Buffer[] => [basicConstraints(yes()), keyUsage(0b1000_0110, 1)];

export const ofLeaf = (usage: Usage, hosts: readonly string[]): readonly Buffer[] => [
  basicConstraints(),
  keyUsage(0b1000_0000, 7),
  extension('2.5.29.37', sequence(objectIdentifier(usages[usage]))),
  ...(hosts.length > 0 ? [extension('2.5.29.17', sequence(...hosts.map(generalName)))] : []),
];

export const ownKey = (keyId: Buffer): Buffer => extension(subjectKeyIdentifier, octetString(keyId));
export const issuersKey = (keyId: Buffer): Buffer => extension('2.5.29.35', sequence(implicit(0, keyId)));

/** SHA-1 of the key's bits (RFC 5280, 4.2.1.2). */
export function keyIdOf(key: KeyObject): Buffer {
  const [outer] = membersOf(key.export({ type: 'spki', format: 'der' }));
  const bits = outer && membersOf(outer.content)[1]?.content.subarray(1);
  return createHash('sha1')
    .update(bits ?? '')
    .digest();
}

/** What an authority says of its key: others compute it in other ways. `extensions`: of its certificate. */
export function statedKeyId(extensions: Buffer | undefined): Buffer | undefined {
  const id = objectIdentifier(subjectKeyIdentifier);
  const stated = membersOf(extensions ?? Buffer.of()).find(({ content }) => membersOf(content)[0]?.whole.equals(id));
  const value = stated && membersOf(stated.content).at(-1);
  return value && membersOf(value.content)[0]?.content;
}

function generalName(host: string): Buffer {
  return isIP(host) ? implicit(7, addressOctets(host)) : implicit(2, Buffer.from(host, 'latin1'));
}

function addressOctets(host: string): Buffer {
  const { number, version } = parseIp(host);
  return Buffer.from(number.toString(16).padStart(version === 4 ? 8 : 32, '0'), 'hex');
}
