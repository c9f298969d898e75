import { expect, test } from 'vitest';
import { compareResourceVersions } from './resource-version.ts';

test.each([
  ['9', '10', -1],
  ['10', '10', 0],
  ['18446744073709551616', '18446744073709551615', 1],
  [undefined, '1', -1],
  ['', undefined, 0],
  ['0', '1', -1],
  ['abc', '1', -1],
])('%s against %s', (a, b, sign) => expect(Math.sign(compareResourceVersions(a, b))).toBe(sign));
