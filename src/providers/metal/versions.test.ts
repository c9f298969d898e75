import { expect, test } from 'vitest';
import { controllerVersionFor } from './controller-version.ts';
import { lenientVersion, newest } from './versions.ts';

test.each<[string, string | undefined]>([
  ['v2', '2.0.0'],
  ['2.10', '2.10.0'],
  ['24.04.20250101', '24.4.20250101'],
  ['v1.2.3-rc.1+b', '1.2.3-rc.1'],
  ['', undefined],
  ['latest', undefined],
  ['1.2.3.4', undefined],
  ['1.2.3-', undefined],
  ['1'.repeat(40), undefined],
])('%s is %s', (text, expected) => {
  expect(lenientVersion(text)?.version).toBe(expected);
});

test('the newest is found by number, a release before its candidates', () => {
  expect(newest(['v2.9.0', 'v2.10.0-rc.1', 'x', 'v2.10.0'], (text) => text)).toBe('v2.10.0');
  expect(newest(['x'], (text) => text)).toBeUndefined();
});

test.each<[string | undefined, string | undefined]>([
  [undefined, 'v2.10.0'],
  ['', 'v2.10.0'],
  ['auto', 'v2.10.0'],
  ['v3.0.0', 'v3.0.0'],
  ['v2', undefined],
])('a Shoot that wants %s gets %s', (wanted, expected) => {
  const available = [
    { version: 'v2.9.0', classification: 'supported' },
    { version: 'v2.10.0', classification: 'supported' },
    { version: 'v3.0.0', classification: 'preview' },
    { version: 'v4.0.0' },
  ];
  expect(controllerVersionFor(available, wanted)?.version).toBe(expected);
});
