import { describe, expect, test } from 'vitest';
import { explicit, implicit, integer, membersOf, objectIdentifier, octetString, sequence, time } from './der.ts';

const hex = (element: Uint8Array) => Buffer.from(element).toString('hex');

describe('what is written', () => {
  test.each([
    [0, '0400'],
    [127, `047f${'00'.repeat(127)}`],
    [128, `048180${'00'.repeat(128)}`],
    [256, `04820100${'00'.repeat(256)}`],
    [65_536, `0483010000${'00'.repeat(65_536)}`],
  ])('%i octets have their length before them', (length, expected) => {
    expect(hex(octetString(Buffer.alloc(length)))).toBe(expected);
  });

  // As OpenSSL has them: openssl asn1parse -genstr OID:1.2.840.113549.1.1.11 -out /dev/stdout | xxd -p
  test.each([
    ['2.5.29.14', '0603551d0e'],
    ['1.3.6.1.5.5.7.3.1', '06082b06010505070301'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
  ])('the object identifier %s', (dotted, expected) => {
    expect(hex(objectIdentifier(dotted))).toBe(expected);
  });

  test.each([
    ['2026-01-02T03:04:05.999Z', '\x17\x0d260102030405Z'],
    ['2049-12-31T23:59:59Z', '\x17\x0d491231235959Z'],
    ['2050-01-01T00:00:00Z', '\x18\x0f20500101000000Z'],
  ])('the time %s', (text, expected) => {
    expect(time(Date.parse(text)).toString('latin1')).toBe(expected);
  });

  test('tags of a context', () => {
    expect(hex(sequence(implicit(7, Buffer.from([1])), explicit(3, integer(Buffer.from([2])))))).toBe(
      '3008870101a303020102',
    );
  });
});

test.each([0, 127, 128, 300, 70_000])('members are read as they were written, one of %i octets', (length) => {
  const [first, second] = [octetString(Buffer.alloc(length, 1)), integer(Buffer.from([2]))];
  const [outer] = membersOf(sequence(first, second));
  const members = membersOf(outer?.content ?? Buffer.of());
  expect(members.map(({ tag, whole, content }) => [tag, hex(whole), content.length])).toEqual([
    [4, hex(first), length],
    [2, hex(second), 1],
  ]);
});
