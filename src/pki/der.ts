/** The few forms of DER (X.690) that a certificate has. */

const tagged = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...content]);
};

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 + octets.length, ...octets];
}

export const sequence = (...members: readonly Uint8Array[]): Buffer => tagged(0x30, ...members);
export const set = (...members: readonly Uint8Array[]): Buffer => tagged(0x31, ...members);
export const yes = (): Buffer => tagged(0x01, Buffer.from([0xff]));
export const nothing = (): Buffer => tagged(0x05);
/** Of the octets of a number below 2^7, or one whose first bit is not set: it must not be taken for a negative one. */
export const integer = (octets: Uint8Array): Buffer => tagged(0x02, octets);
export const bitString = (octets: Uint8Array, unusedBits = 0): Buffer =>
  tagged(0x03, Buffer.from([unusedBits]), octets);
export const octetString = (octets: Uint8Array): Buffer => tagged(0x04, octets);
export const utf8String = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
/** `[number] IMPLICIT` of what is not constructed. */
export const implicit = (number: number, octets: Uint8Array): Buffer => tagged(0x80 + number, octets);
/** `[number] EXPLICIT`. */
export const explicit = (number: number, member: Uint8Array): Buffer => tagged(0xa0 + number, member);

/** From `2.5.29.14`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...others].flatMap(base128)));
}

/** Every octet but the last with its first bit set. */
function base128(arc: number): readonly number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(128 + (rest % 128));
  return octets;
}

/** From milliseconds since the epoch, in whole seconds; two forms, as RFC 5280 (4.1.2.5) wants it. */
export function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}Z`;
  return digits < '2050' ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly whole: Buffer;
}

/** The members of a constructed element. Only for what has been found to be well-formed. */
export function membersOf(content: Buffer): readonly Element[] {
  const members: Element[] = [];
  for (let start = 0; start < content.length; ) {
    const first = content.readUInt8(start + 1);
    const octets = first < 0x80 ? 0 : first - 0x80;
    const length = octets === 0 ? first : content.readUIntBE(start + 2, octets);
    const from = start + 2 + octets;
    const end = from + length;
    members.push({
      tag: content.readUInt8(start),
      content: content.subarray(from, end),
      whole: content.subarray(start, end),
    });
    start = end;
  }
  return members;
}
