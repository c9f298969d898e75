import { describe, expect, test } from 'vitest';
import { seededRandom } from './fake-clock.ts';
import { createLineSplitter } from './lines.ts';

function chunks(bytes: Buffer, random: () => number, longest: number): Buffer[] {
  const result: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + Math.floor(random() * longest);
    result.push(bytes.subarray(at, end));
    at = end;
  }
  return result;
}

describe('createLineSplitter', () => {
  const lines = ['{"a":"zwölf 🦊 狐"}', 'x', '', '\u2028 is no newline', 'é'.repeat(5_000), '{}'];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const expected = lines.filter((line) => line !== '');

  test.each(Array.from({ length: 60 }, (_, seed) => [seed, [2, 3, 7, 900, 20_000][seed % 5] ?? 2]))(
    'gives the same lines however the bytes are cut (seed %i, chunks up to %i)',
    (seed, longest) => {
      const splitter = createLineSplitter();
      expect(chunks(bytes, seededRandom(seed), longest).flatMap((chunk) => splitter.push(chunk))).toEqual(expected);
    },
  );

  test('keeps a line without an end to itself', () => {
    const splitter = createLineSplitter();
    expect(splitter.push(Buffer.from('a\nb'))).toEqual(['a']);
    expect(splitter.push(Buffer.from('\n'))).toEqual(['b']);
  });

  test('a huge line costs time in proportion to its size', () => {
    const splitter = createLineSplitter();
    const part = Buffer.alloc(1024, 'a');
    for (let i = 0; i < 16 * 1024; i += 1) expect(splitter.push(part)).toHaveLength(0);
    expect(splitter.push(Buffer.from('\n'))[0]).toHaveLength(16 * 1024 * 1024);
  });

  test('refuses a line without bound', () => {
    const splitter = createLineSplitter(10);
    splitter.push(Buffer.from('12345678\n12345'));
    expect(() => splitter.push(Buffer.from('678901'))).toThrow(RangeError);
  });
});
