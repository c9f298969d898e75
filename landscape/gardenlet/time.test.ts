import { expect, test } from 'vitest';
import { parseTime, toNano } from './time.ts';

const ms = Date.UTC(2026, 0, 2, 3, 4, 5);

test.each([
  [0, '2026-01-02T03:04:05Z'],
  [100, '2026-01-02T03:04:05.1Z'],
  [123, '2026-01-02T03:04:05.123Z'],
])('toNano leaves trailing zeros out: +%d ms', (extra, text) => {
  expect(toNano(ms + extra)).toBe(text);
});

test('a minute that ends in zero keeps it', () => {
  expect(toNano(Date.UTC(2026, 0, 2, 10, 20, 30))).toBe('2026-01-02T10:20:30Z');
});

test.each([
  ['2026-01-02T03:04:05Z', ms],
  ['2026-01-02T03:04:05.999999999Z', ms + 999],
  ['2026-01-02T05:04:05+02:00', ms],
  ['2026-01-02', undefined],
  ['2026-13-02T03:04:05Z', undefined],
  ['', undefined],
])('parseTime of %s', (text, expected) => expect(parseTime(text)).toBe(expected));
