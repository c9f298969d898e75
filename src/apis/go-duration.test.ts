import { expect, test } from 'vitest';
import { canonicalGoDuration, goDuration } from './go-duration.ts';

test.each<[string, number | undefined, string]>([
  ['0', 0, '0s'],
  ['0s', 0, '0s'],
  ['30m', 1_800_000, '30m0s'],
  ['90m', 5_400_000, '1h30m0s'],
  ['1h', 3_600_000, '1h0m0s'],
  ['10080m', 604_800_000, '168h0m0s'],
  ['1h30m0.5s', 5_400_500, '1h30m0.5s'],
  ['1.5s', 1_500, '1.5s'],
  ['.5h', 1_800_000, '30m0s'],
  ['250ms', 250, '250ms'],
  ['1500us', 1.5, '1.5ms'],
  ['2\u00b5s', 0.002, '2µs'],
  ['2\u03bcs', 0.002, '2µs'],
  ['7ns', 0.000007, '7ns'],
  ['-1s', -1000, '-1s'],
  ['+2ms', 2, '2ms'],
  ['', undefined, ''],
  ['30', undefined, '30'],
  ['1d', undefined, '1d'],
  ['1h 30m', undefined, '1h 30m'],
  ['soon', undefined, 'soon'],
  ['9'.repeat(100_000), undefined, '9'.repeat(100_000)],
])('%s', (text, ms, canonical) => {
  expect(goDuration(text)).toBe(ms);
  expect(canonicalGoDuration(text)).toBe(canonical);
});
