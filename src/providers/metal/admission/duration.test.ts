import { expect, test } from 'vitest';
import { goDuration } from './duration.ts';

test.each<[string, number | undefined]>([
  ['0', 0],
  ['30m', 1_800_000],
  ['1h30m0.5s', 5_400_500],
  ['-1s', -1000],
  ['+2ms', 2],
  ['.5h', 1_800_000],
  ['', undefined],
  ['30', undefined],
  ['1d', undefined],
  ['1h 30m', undefined],
  ['9'.repeat(100_000), undefined],
])('%s', (text, expected) => {
  expect(goDuration(text)).toBe(expected);
});
